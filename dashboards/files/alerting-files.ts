/** From the SDK's shapes, which are those of Grafana's HTTP API, to those of its provisioning files. */
import type {
  ContactPoint,
  MuteTiming,
  NotificationPolicy,
  Rule,
  WeekdayRange,
} from '@grafana/grafana-foundation-sdk/alerting';
import { FOLDER } from '../house/data-source.ts';

/** The organisation that a fresh Grafana has. */
const ORGANISATION = 1;

export const GROUP = 'Spanwatch';
/** How often the rules are evaluated. */
export const EVALUATED_EVERY = '1m';

/** Folder, group and organisation stand above the rules here, and one key is spelled otherwise. */
export function ruleFile(rules: readonly Rule[]) {
  const inFile = rules.map(
    ({ orgID: _org, folderUID: _folder, ruleGroup: _group, keep_firing_for: keepFiringFor, ...rule }) => ({
      ...rule,
      keepFiringFor,
    }),
  );
  return {
    apiVersion: 1,
    groups: [{ orgId: ORGANISATION, name: GROUP, folder: FOLDER, interval: EVALUATED_EVERY, rules: inFile }],
  };
}

export function contactPointFile(points: readonly ContactPoint[]) {
  return {
    apiVersion: 1,
    contactPoints: points.map(({ name, ...receiver }) => ({
      orgId: ORGANISATION,
      name,
      receivers: [receiver],
    })),
  };
}

/** An organisation has one tree of policies: this replaces it. */
export function policyFile(policy: NotificationPolicy) {
  return { apiVersion: 1, policies: [{ orgId: ORGANISATION, ...policy }] };
}

export function muteTimingFile(timings: readonly MuteTiming[]) {
  return {
    apiVersion: 1,
    muteTimes: timings.map(({ name, time_intervals: intervals = [] }) => ({
      orgId: ORGANISATION,
      name,
      time_intervals: intervals.map(({ times, weekdays, location }) => ({
        ...(times && { times: times.map(({ from, to }) => ({ start_time: from, end_time: to })) }),
        ...(weekdays && { weekdays: weekdays.map(dayNames) }),
        ...(location && { location }),
      })),
    })),
  };
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

function dayNames({ begin = 0, end = begin }: WeekdayRange): string {
  return begin === end ? DAYS[begin]! : `${DAYS[begin]}:${DAYS[end]}`;
}
