/** Whether a Grafana would take the provisioning files, and do with them what is meant; each problem names its place. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { EXPRESSIONS } from '../alerts/build-rule.ts';
import { durationSeconds } from './duration.ts';
import { checkRouting } from './check-routing.ts';
import { provisioning, type Provisioning } from './provisioning.ts';

type Rule = Provisioning['rules']['groups'][number]['rules'][number];

const NO_DATA_STATES = ['NoData', 'Alerting', 'OK', 'KeepLast'];
const ERROR_STATES = ['Error', 'Alerting', 'OK', 'KeepLast'];
const LONGEST_UID = 40;
const LONGEST_TITLE = 190;
/** Grafana's scheduler ticks every ten seconds. */
const TICK_SECONDS = 10;

export function checkProvisioning(files: unknown, boards: readonly Dashboard[]): string[] {
  const read = provisioning.safeParse(files);
  if (!read.success) {
    return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  const { rules, dataSources, ...routing } = read.data;
  const sources = new Set([...dataSources.datasources.map(({ uid }) => uid), EXPRESSIONS]);
  const all = rules.groups.flatMap((group) => group.rules);
  return [
    ...checkDollars({ rules, ...routing }),
    ...rules.groups.flatMap(({ name, interval }) => checkInterval(name, interval)),
    ...repeated(all.map(({ uid }) => uid)).map((uid) => `two rules have the uid ${uid}`),
    ...repeated(all.map(({ title }) => title)).map((title) => `two rules have the title ${title}`),
    ...all.flatMap((rule) =>
      checkRule(rule, sources, boards).map((problem) => `rule ${rule.uid}: ${problem}`),
    ),
    ...checkRouting(routing),
    ...dataSources.datasources.flatMap(checkDataSource),
  ];
}

/** Files of rules and receivers expand $NAME, and what is not set becomes nothing. */
function checkDollars(value: unknown, path = ''): string[] {
  if (typeof value === 'string')
    return value.includes('$') ? [`${path} has a $, which Grafana would expand`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => checkDollars(each, path ? `${path}.${key}` : key));
}

function checkInterval(name: string, interval: string): string[] {
  const problem = duration(interval);
  if (problem) return [`group ${name}: interval ${problem}`];
  const seconds = durationSeconds(interval);
  return seconds > 0 && seconds % TICK_SECONDS === 0
    ? []
    : [`group ${name}: its interval must be a multiple of ${TICK_SECONDS} s`];
}

function checkRule(rule: Rule, sources: ReadonlySet<string>, boards: readonly Dashboard[]): string[] {
  const refIds = rule.data.map(({ refId }) => refId);
  const board = boards.find(({ uid }) => uid === rule.annotations.__dashboardUid__);
  const panel = board?.panels?.find(({ id }) => String(id) === rule.annotations.__panelId__);
  return [
    ...(rule.uid && rule.uid.length <= LONGEST_UID
      ? []
      : [`its uid must have 1 to ${LONGEST_UID} characters`]),
    ...(rule.title && rule.title.length <= LONGEST_TITLE
      ? []
      : [`its title must have 1 to ${LONGEST_TITLE} characters`]),
    ...(refIds.includes(rule.condition)
      ? []
      : [`its condition ${rule.condition} is none of ${refIds.join(', ')}`]),
    ...(NO_DATA_STATES.includes(rule.noDataState)
      ? []
      : [`noDataState ${rule.noDataState} is none of ${NO_DATA_STATES.join(', ')}`]),
    ...(ERROR_STATES.includes(rule.execErrState)
      ? []
      : [`execErrState ${rule.execErrState} is none of ${ERROR_STATES.join(', ')}`]),
    ...[['for', rule.for] as const, ['keepFiringFor', rule.keepFiringFor] as const].flatMap(
      ([name, text]) => {
        const problem = duration(text);
        return problem ? [`${name} ${problem}`] : [];
      },
    ),
    ...rule.data
      .filter(({ datasourceUid }) => !sources.has(datasourceUid))
      .map(
        ({ refId, datasourceUid }) =>
          `query ${refId} asks the data source ${datasourceUid}, which is not there`,
      ),
    ...rule.data
      .filter(({ refId, model }) => model.refId !== refId)
      .map(({ refId }) => `query ${refId} has another name in its model`),
    ...rule.data
      .filter(({ datasourceUid }) => datasourceUid === EXPRESSIONS)
      .flatMap(({ refId, model }) => checkThreshold(refId, model, refIds)),
    ...['summary', 'why', 'what_to_do', 'board']
      .filter((name) => !rule.annotations[name])
      .map((name) => `it lacks the annotation ${name}`),
    ...(panel ? [] : ['its panel is not there']),
    ...(rule.labels.team && rule.labels.severity ? [] : ['it lacks the labels team and severity']),
  ];
}

function checkThreshold(refId: string, model: Record<string, unknown>, refIds: readonly string[]): string[] {
  const { type, expression, conditions } = model as {
    type?: string;
    expression?: string;
    conditions?: { evaluator?: Evaluator; unloadEvaluator?: Evaluator }[];
  };
  const [condition] = conditions ?? [];
  const above = condition?.evaluator?.params?.[0];
  const below = condition?.unloadEvaluator?.params?.[0];
  return [
    ...(type === 'threshold' ? [] : [`expression ${refId} is no threshold`]),
    ...(expression !== undefined && expression !== refId && refIds.includes(expression)
      ? []
      : [`expression ${refId} is about ${expression}, which is not there`]),
    ...(condition?.evaluator?.type === 'gt' && typeof above === 'number'
      ? []
      : [`expression ${refId} has no threshold`]),
    ...(below !== undefined && above !== undefined && below > above
      ? [`expression ${refId} recovers above the threshold at which it fires`]
      : []),
  ];
}

interface Evaluator {
  readonly type?: string;
  readonly params?: readonly number[];
}

function checkDataSource({
  uid,
  jsonData,
  secureJsonData,
  user,
}: Provisioning['dataSources']['datasources'][number]): string[] {
  return [
    ...(jsonData.database ? [] : [`data source ${uid}: jsonData.database is empty`]),
    ...(user === 'spanwatch_reader' ? [] : [`data source ${uid}: its user ${user} may do more than read`]),
    ...(/^\$\w+$/.test(secureJsonData.password) ? [] : [`data source ${uid}: a password stands in a file`]),
  ];
}

function duration(text: string): string | null {
  try {
    durationSeconds(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const repeated = (values: readonly string[]) => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];
