/** What is generated would be taken by a Grafana, and each fault that is put in is named. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildDashboards, DEFAULT_OPTIONS, generateFiles } from '../files/generate-files.ts';
import { checkProvisioning } from './check-provisioning.ts';
import type { Provisioning } from './provisioning.ts';

const files = generateFiles(DEFAULT_OPTIONS);
const boards = buildDashboards(DEFAULT_OPTIONS);
const read = (name: string) => parse(files.get(`provisioning/${name}.yaml`) ?? '') as unknown;

const load = () =>
  ({
    rules: read('alerting/rules'),
    contactPoints: read('alerting/contact-points'),
    policies: read('alerting/policies'),
    muteTimings: read('alerting/mute-timings'),
    dataSources: read('datasources/spanwatch'),
  }) as Provisioning;

type Rule = Provisioning['rules']['groups'][number]['rules'][number];
interface Policy {
  receiver: string;
  group_by: string[];
  group_wait: string;
  mute_time_intervals: string[];
  object_matchers: string[][];
  routes: Policy[];
}

const rule = (spoil: (rule: Rule) => unknown) => (all: Provisioning) => spoil(all.rules.groups[0]!.rules[0]!);
const root = (spoil: (policy: Policy) => unknown) => (all: Provisioning) =>
  spoil(all.policies.policies[0] as Policy);
const source =
  (spoil: (source: Provisioning['dataSources']['datasources'][number]) => unknown) => (all: Provisioning) =>
    spoil(all.dataSources.datasources[0]!);
const threshold = (
  spoil: (condition: { evaluator: { params: number[] }; unloadEvaluator?: object }) => unknown,
) => rule(({ data }) => spoil((data[1]!.model.conditions as never[])[0]!));

it('what is generated has no fault', () => {
  expect(checkProvisioning(load(), boards)).toEqual([]);
});

const FAULTS: readonly (readonly [name: string, spoil: (all: Provisioning) => unknown, problem: RegExp])[] = [
  [
    'a $ in a query',
    rule(({ data }) => (data[0]!.model.rawSql = 'SELECT $__timeFilter(t)')),
    /rawSql has a \$/,
  ],
  [
    'a $ in an annotation',
    rule(({ annotations }) => (annotations.why = '{{ $labels.line }}')),
    /why has a \$/,
  ],
  [
    'a $ in a contact point',
    (all) => (all.contactPoints.contactPoints[0]!.receivers[0]!.settings.addresses = '$MAIL'),
    /has a \$/,
  ],
  [
    'two rules of one uid',
    (all) => (all.rules.groups[0]!.rules[1]!.uid = all.rules.groups[0]!.rules[0]!.uid),
    /two rules have the uid/,
  ],
  [
    'two rules of one title',
    (all) => (all.rules.groups[0]!.rules[1]!.title = all.rules.groups[0]!.rules[0]!.title),
    /two rules have the title/,
  ],
  ['a uid too long', rule((each) => (each.uid = 'x'.repeat(41))), /1 to 40/],
  ['a title too long', rule((each) => (each.title = 'x'.repeat(191))), /1 to 190/],
  ['a condition that is not there', rule((each) => (each.condition = 'C')), /condition C/],
  ['a no-data state of the other kind', rule((each) => (each.noDataState = 'Error')), /noDataState Error/],
  ['an error state in small letters', rule((each) => (each.execErrState = 'error')), /execErrState error/],
  ['a duration in words', rule((each) => (each.for = '5 minutes')), /for The duration/],
  ['a duration without unit', rule((each) => (each.keepFiringFor = '10')), /keepFiringFor The duration/],
  ['an interval between ticks', (all) => (all.rules.groups[0]!.interval = '15s'), /multiple of 10 s/],
  [
    'a data source that is not there',
    rule(({ data }) => (data[0]!.datasourceUid = 'postgres')),
    /data source postgres/,
  ],
  ['a model of another name', rule(({ data }) => (data[0]!.model.refId = 'X')), /another name/],
  ['a threshold on nothing', rule(({ data }) => (data[1]!.model.expression = 'Z')), /about Z/],
  ['an expression of another kind', rule(({ data }) => (data[1]!.model.type = 'math')), /no threshold/],
  [
    'a recovery above the threshold',
    threshold((each) => (each.unloadEvaluator = { type: 'lt', params: [1e9] })),
    /recovers above/,
  ],
  ['a threshold without number', threshold((each) => (each.evaluator.params = [])), /has no threshold/],
  ['no advice', rule(({ annotations }) => delete annotations.what_to_do), /what_to_do/],
  ['a panel that is not there', rule(({ annotations }) => (annotations.__panelId__ = '99')), /its panel/],
  ['no team', rule(({ labels }) => delete labels.team), /team and severity/],
  [
    'a key that files do not know',
    rule((each) => Object.assign(each, { keep_firing_for: '1m' })),
    /keep_firing_for/,
  ],
  ['a receiver that is not there', root((policy) => (policy.receiver = 'nobody')), /receiver nobody/],
  [
    'a route to nobody',
    root(({ routes }) => (routes[1]!.receiver = 'nobody')),
    /routes\.1: the receiver nobody/,
  ],
  [
    'groups without alertname',
    root((policy) => (policy.group_by = ['grafana_folder'])),
    /must contain alertname/,
  ],
  [
    'a mute timing that is not there',
    root(({ routes }) => (routes[2]!.mute_time_intervals = ['night'])),
    /mute timing night/,
  ],
  ['a comparison that is none', root(({ routes }) => (routes[0]!.object_matchers[0]![1] = '==')), /==/],
  ['a route that matches everything', root(({ routes }) => (routes[0]!.object_matchers = [])), /root alone/],
  ['a wait of nothing', root((policy) => (policy.group_wait = '0s')), /above 0/],
  [
    'a contact point without address',
    (all) => (all.contactPoints.contactPoints[0]!.receivers[0]!.settings = {}),
    /no address/,
  ],
  [
    'a time that is none',
    (all) => (all.muteTimings.muteTimes[0]!.time_intervals[0]!.times![0]!.end_time = '25:00'),
    /25:00/,
  ],
  [
    'weekdays that are none',
    (all) => (all.muteTimings.muteTimes[0]!.time_intervals[0]!.weekdays = ['mon:fri']),
    /mon:fri/,
  ],
  [
    'a time zone that is none',
    (all) => (all.muteTimings.muteTimes[0]!.time_intervals[0]!.location = 'Berlin'),
    /Berlin is no time zone/,
  ],
  [
    'the database where it was before 12.2',
    source((each) => Object.assign(each.jsonData, { database: undefined })),
    /jsonData\.database/,
  ],
  [
    'timescaledb as a text',
    source((each) => Object.assign(each.jsonData, { timescaledb: 'true' })),
    /timescaledb/,
  ],
  [
    'a password in the file',
    source((each) => (each.secureJsonData.password = 'secret')),
    /password stands in a file/,
  ],
  ['a user who may write', source((each) => (each.user = 'postgres')), /may do more than read/],
];

describe('a fault is named', () => {
  it.each(FAULTS)('%s', (_, spoil, problem) => {
    const all = load();
    spoil(all);
    expect(checkProvisioning(all, boards).join('\n')).toMatch(problem);
  });
});
