/** Which defects an event found, how many by kind and severity, and how late. */
import { quantile } from '../../../core/statistics/quantile.ts';
import { wilsonInterval, type Interval } from '../../../core/statistics/wilson-interval.ts';
import { estimate, type Estimate, type Sites } from './estimate.ts';
import type { FoundDefect } from './watch-sensor.ts';

export interface Recall extends Interval {
  readonly defects: number;
  readonly found: number;
  /** NaN where there was no defect. */
  readonly recall: number;
  /** What alarms that come at the rate of the false ones, whatever is wrong, would find. */
  readonly byChance: number;
}

export interface KindRecall extends Recall {
  readonly kind: string;
  readonly severity: string;
}

export interface DetectionLimit {
  readonly kind: string;
  /** Least magnitude from which on 9 of 10 defects are found; null where even the greatest are not, or none is stated. */
  readonly magnitude: number | null;
}

export interface JudgedDefect {
  readonly sensorId: string;
  readonly kind: string;
  readonly severity: string;
  /** ISO 8601; null where it never grew severe, or was not found. */
  readonly severeAt: string | null;
  readonly foundAt: string | null;
}

export interface EventRecall {
  /** Severe defects of kinds that are claimed, with 95 % Wilson intervals: each is on a tower of its own. */
  readonly claimed: Recall;
  /** Of those, the ones that became severe after the split: training could not see them on any tower. */
  readonly claimedAfterSplit: Recall;
  readonly byKind: readonly KindRecall[];
  /** Defects that never became severe, and kinds that are not claimed. */
  readonly apart: readonly KindRecall[];
  readonly detectionLimits: readonly DetectionLimit[];
  readonly delayDays: {
    /** From severity; negative where the event came before it. */
    readonly medianOfFound: Estimate;
    readonly p90OfFound: Estimate;
    /** Where those not found count as never: Infinity, printed as null, where more than a tenth are missed. */
    readonly p90OfAll: number;
  };
  /** Severe for too short a time to judge. */
  readonly tooShort: number;
  /** One by one, what is counted above: to look up what was missed. */
  readonly judged: readonly JudgedDefect[];
}

const LIMIT_RECALL = 0.9;
const DAY_HOURS = 24;
const HOURS_PER_YEAR = 8766;

export interface RecallOptions {
  /** Defects that were watched for less than this are not judged. */
  readonly leastWatchedHours: number;
  readonly from: number;
  readonly falseAlarmsPerSensorYear: number;
}

/** @param found of each sensor */
export function eventRecall(
  found: readonly (readonly FoundDefect[])[],
  options: RecallOptions,
  sites: Sites,
): EventRecall {
  const { leastWatchedHours, from, falseAlarmsPerSensorYear } = options;
  const all = found.flat().filter(({ isJudged }) => isJudged);
  const isLong = ({ watchedHours }: FoundDefect): boolean => watchedHours >= leastWatchedHours;
  const isClaimed = ({ defect }: FoundDefect): boolean => defect.claimed && defect.severeAt < Infinity;
  const judged = all.filter(isLong);
  const claimed = judged.filter(isClaimed);
  const recallOf = (some: readonly FoundDefect[]): Recall => countFound(some, falseAlarmsPerSensorYear);
  const delays = found.map((own) =>
    own.filter((one) => one.isJudged && isLong(one) && isClaimed(one)).map(delayDays),
  );
  const delay = (probability: number): Estimate =>
    estimate(sites, (weights) =>
      quantile(
        delays
          .flatMap((own, sensor) => Array<number[]>(weights[sensor]!).fill(own).flat())
          .filter(Number.isFinite),
        probability,
      ),
    );
  return {
    claimed: recallOf(claimed),
    claimedAfterSplit: recallOf(claimed.filter(({ defect }) => defect.severeAt >= from)),
    byKind: byKindAndSeverity(claimed, recallOf),
    apart: byKindAndSeverity(
      judged.filter((one) => !isClaimed(one)),
      recallOf,
    ),
    detectionLimits: [...new Set(judged.map(({ defect }) => defect.kind))].sort().map((kind) => ({
      kind,
      magnitude: detectionLimit(judged.filter(({ defect }) => defect.kind === kind)),
    })),
    delayDays: {
      medianOfFound: delay(0.5),
      p90OfFound: delay(0.9),
      p90OfAll: nearestRank(delays.flat(), 0.9),
    },
    tooShort: all.length - judged.length,
    judged: judged.map(({ defect: { sensorId, kind, severity, severeAt }, foundAt }) => ({
      sensorId,
      kind,
      severity,
      severeAt: severeAt === Infinity ? null : new Date(severeAt).toISOString(),
      foundAt: foundAt === null ? null : new Date(foundAt).toISOString(),
    })),
  };
}

function delayDays({ defect, foundAt }: FoundDefect): number {
  return foundAt === null ? Infinity : (foundAt - defect.severeAt) / (DAY_HOURS * 3_600_000);
}

/** Without interpolation, which Infinity would not stand. */
function nearestRank(values: readonly number[], probability: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(probability * sorted.length) - 1)] ?? NaN;
}

function countFound(some: readonly FoundDefect[], falseAlarmsPerSensorYear: number): Recall {
  const found = some.filter(({ foundAt }) => foundAt !== null).length;
  const byChance = some.reduce(
    (sum, { watchedHours }) =>
      sum + 1 - Math.exp((-falseAlarmsPerSensorYear * watchedHours) / HOURS_PER_YEAR),
    0,
  );
  return {
    defects: some.length,
    found,
    recall: found / some.length,
    ...wilsonInterval(found, some.length),
    byChance: byChance / some.length,
  };
}

function byKindAndSeverity(
  some: readonly FoundDefect[],
  recallOf: (some: readonly FoundDefect[]) => Recall,
): KindRecall[] {
  const groups = new Map<string, FoundDefect[]>();
  for (const one of some) {
    const name = JSON.stringify([one.defect.kind, one.defect.severity]);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.keys()].sort().map((name) => {
    const [kind, severity] = JSON.parse(name) as [string, string];
    return { kind, severity, ...recallOf(groups.get(name)!) };
  });
}

function detectionLimit(ofKind: readonly FoundDefect[]): number | null {
  const descending = ofKind
    .filter(({ defect }) => !Number.isNaN(defect.magnitude))
    .sort((one, other) => other.defect.magnitude - one.defect.magnitude);
  let [found, limit]: [number, number | null] = [0, null];
  for (const [at, { defect, foundAt }] of descending.entries()) {
    if (foundAt !== null) found++;
    const isLastOfMagnitude = descending[at + 1]?.defect.magnitude !== defect.magnitude;
    if (isLastOfMagnitude && found / (at + 1) >= LIMIT_RECALL) limit = defect.magnitude;
  }
  return limit;
}
