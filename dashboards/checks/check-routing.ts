/** Whether alerts reach somebody: contact points, the tree of policies, mute timings. */
import { durationSeconds } from './duration.ts';
import { policy, type Provisioning } from './provisioning.ts';

/** Grafana refuses to group without them. */
const GROUPED_BY = ['alertname', 'grafana_folder'];
const OPERATORS = ['=', '!=', '=~', '!~'];
const DAY = '(sunday|monday|tuesday|wednesday|thursday|friday|saturday)';
const WEEKDAYS = new RegExp(`^${DAY}(:${DAY})?$`);
const CLOCK = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export function checkRouting({
  contactPoints,
  policies,
  muteTimings,
}: Pick<Provisioning, 'contactPoints' | 'policies' | 'muteTimings'>): string[] {
  const receivers = new Set(contactPoints.contactPoints.map(({ name }) => name));
  const timings = new Set(muteTimings.muteTimes.map(({ name }) => name));
  const uids = contactPoints.contactPoints.flatMap((point) => point.receivers.map(({ uid }) => uid));
  return [
    ...(new Set(uids).size === uids.length ? [] : ['two receivers have one uid']),
    ...contactPoints.contactPoints.flatMap(({ name, receivers: list }) =>
      list.length > 0 && list.every(({ type, settings }) => type !== 'email' || settings.addresses)
        ? []
        : [`contact point ${name}: it has no address`],
    ),
    ...(policies.policies.length === 1 ? [] : ['an organisation has one tree of policies']),
    ...policies.policies.flatMap((root) => checkPolicy(root, 'policy', receivers, timings, true)),
    ...muteTimings.muteTimes.flatMap(checkTiming),
  ];
}

function checkPolicy(
  value: unknown,
  path: string,
  receivers: ReadonlySet<string>,
  timings: ReadonlySet<string>,
  isRoot = false,
): string[] {
  const read = policy.safeParse(value);
  if (!read.success)
    return read.error.issues.map((issue) => `${path}.${issue.path.join('.')}: ${issue.message}`);
  const { receiver, group_by: groupBy, object_matchers: matchers = [], routes = [] } = read.data;
  const times = [read.data.group_wait, read.data.group_interval, read.data.repeat_interval];
  return [
    ...(receivers.has(receiver) ? [] : [`${path}: the receiver ${receiver} is not there`]),
    ...GROUPED_BY.filter((name) => !groupBy.includes(name)).map(
      (name) => `${path}: group_by must contain ${name}`,
    ),
    ...(read.data.mute_time_intervals ?? [])
      .filter((name) => !timings.has(name))
      .map((name) => `${path}: the mute timing ${name} is not there`),
    ...matchers
      .filter(([, operator = '']) => !OPERATORS.includes(operator))
      .map(([name, operator]) => `${path}: ${name} ${operator} is no comparison`),
    ...(isRoot === (matchers.length === 0)
      ? []
      : [`${path}: the root alone, and it always, matches everything`]),
    ...times.flatMap((text) => {
      if (text === undefined) return [];
      try {
        return durationSeconds(text) > 0 ? [] : [`${path}: a time must be above 0`];
      } catch (error) {
        return [`${path}: ${(error as Error).message}`];
      }
    }),
    ...routes.flatMap((route, index) => checkPolicy(route, `${path}.routes.${index}`, receivers, timings)),
  ];
}

function checkTiming({
  name,
  time_intervals: intervals,
}: Provisioning['muteTimings']['muteTimes'][number]): string[] {
  return intervals.flatMap(({ times = [], weekdays = [], location }) => [
    ...times
      .filter(
        ({ start_time: start, end_time: end }) => !CLOCK.test(start) || !CLOCK.test(end) || start >= end,
      )
      .map(
        ({ start_time: start, end_time: end }) =>
          `mute timing ${name}: ${start} to ${end} is no time of a day`,
      ),
    ...weekdays
      .filter((days) => !WEEKDAYS.test(days))
      .map((days) => `mute timing ${name}: ${days} are no weekdays`),
    ...(location === undefined || isTimeZone(location)
      ? []
      : [`mute timing ${name}: ${location} is no time zone`]),
  ]);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
