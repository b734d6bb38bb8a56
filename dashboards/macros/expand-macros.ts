/** Expands a query as Grafana's PostgreSQL data source would, so that it can be run without a Grafana. */
import { BadInput } from '../../src/core/domain/failure.ts';

export interface QueryContext {
  readonly from: Date;
  readonly to: Date;
  /** As set in the data source: groups by time_bucket instead of arithmetic. */
  readonly timescaledb: boolean;
  /** What a point of the panel spans; Grafana takes the range over the panel's width. */
  readonly intervalMs: number;
}

/**
 * Macros as https://grafana.com/docs/grafana/latest/datasources/postgres/query-editor/#macros describes them.
 *
 * Like Grafana's, an argument ends at the first closing parenthesis, and commas separate arguments.
 *
 * @throws BadInput for a macro that the data source does not know, or that lacks an argument
 */
export function expandMacros(query: string, context: QueryContext): string {
  return query
    .replaceAll('$__interval_ms', String(context.intervalMs))
    .replaceAll('$__interval', showInterval(context.intervalMs))
    .replace(/\$(__[A-Za-z0-9_]+)\(([^)]*)\)/g, (_, name: string, list: string) =>
      expand(
        name,
        list.split(',').map((argument) => argument.trim()),
        context,
      ),
    );
}

function expand(name: string, args: readonly string[], context: QueryContext): string {
  const [from, to] = [context.from, context.to];
  const column = () => argument(name, args, 0);
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  const nanoseconds = (date: Date) => String(BigInt(date.getTime()) * 1_000_000n);
  switch (name) {
    case '__time':
      return `${column()} AS "time"`;
    case '__timeEpoch':
      return `extract(epoch from ${column()}) as "time"`;
    case '__timeFilter':
      return `${column()} BETWEEN ${instant(from)} AND ${instant(to)}`;
    case '__timeFrom':
      return instant(from);
    case '__timeTo':
      return instant(to);
    case '__timeGroup':
      return group(column(), widthOf(name, args), context.timescaledb);
    case '__timeGroupAlias':
      return `${group(column(), widthOf(name, args), context.timescaledb)} AS "time"`;
    case '__unixEpochFilter':
      return `${column()} >= ${seconds(from)} AND ${column()} <= ${seconds(to)}`;
    case '__unixEpochNanoFilter':
      return `${column()} >= ${nanoseconds(from)} AND ${column()} <= ${nanoseconds(to)}`;
    case '__unixEpochNanoFrom':
      return nanoseconds(from);
    case '__unixEpochNanoTo':
      return nanoseconds(to);
    case '__unixEpochGroup':
      return epochGroup(column(), widthOf(name, args));
    case '__unixEpochGroupAlias':
      return `${epochGroup(column(), widthOf(name, args))} AS "time"`;
    default:
      throw new BadInput('macro-unknown', `The PostgreSQL data source has no macro $${name}.`);
  }
}

const instant = (date: Date) => `'${date.toISOString().replace(/\.000Z$/, 'Z')}'`;

const epochGroup = (column: string, width: number) => `floor((${column})/${width})*${width}`;

function group(column: string, width: number, timescaledb: boolean): string {
  return timescaledb
    ? `time_bucket('${width.toFixed(3)}s',${column})`
    : `floor(extract(epoch from ${column})/${width})*${width}`;
}

function argument(name: string, args: readonly string[], index: number): string {
  const value = args[index];
  if (value) return value;
  throw new BadInput('macro-argument', `The macro $${name} lacks its argument ${index + 1}.`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};

/** Seconds of an interval such as '5m'. */
function widthOf(name: string, args: readonly string[]): number {
  const text = argument(name, args, 1).replaceAll("'", '');
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(text) ?? [];
  const seconds = UNIT_SECONDS[unit];
  if (amount !== undefined && seconds !== undefined) return Number(amount) * seconds;
  throw new BadInput(
    'macro-interval',
    `The macro $${name} has the interval ${text}, but it must be a number with ms, s, m, h, d or w.`,
  );
}

function showInterval(intervalMs: number): string {
  return intervalMs % 1000 === 0 ? `${intervalMs / 1000}s` : `${intervalMs}ms`;
}
