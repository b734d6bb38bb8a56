/** SQL of panels: written where it is used, with the data source's macros and variables spelled by functions. */

/**
 * SQL without the indentation of the code around it.
 *
 * @example sql`SELECT count(*)::float8 AS flights FROM flight WHERE ${timeFilter('started_at')}`
 */
export function sql(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const text = String.raw({ raw: parts }, ...values);
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(depth).trimEnd()).join('\n');
}

/** The dashboard's range, both ends included. */
export const timeFilter = (column: string) => `$__timeFilter(${column})`;

export const TIME_FROM = '$__timeFrom()::timestamptz';
/** The moment that a board speaks about: its end of time, now as a rule, so that one can look back. */
export const TIME_TO = '$__timeTo()::timestamptz';

/** The column "time", in steps as wide as a pixel of the panel or a bit more. */
export const timeSteps = (column: string) => `$__timeGroupAlias(${column}, $__interval)`;

/** The column "time" in steps of a fixed width, such as 1h. */
export const timeGroup = (column: string, width: string) => `$__timeGroupAlias(${column}, '${width}')`;

export type VariableName = 'line' | 'tower' | 'sensor';

/** What is chosen in a variable, one or several; quotes are Grafana's, which doubles those inside. */
export const chosen = (column: string, variable: VariableName) => `${column} IN (\${${variable}:sqlstring})`;

/** Of an event: it was open at the board's moment. */
export const OPEN = `opened_at <= ${TIME_TO} AND (closed_at IS NULL OR closed_at > ${TIME_TO})`;

/** Whole seconds from a column to the board's moment. */
export const ageSeconds = (column: string) => `extract(epoch FROM ${TIME_TO} - ${column})::float8`;
