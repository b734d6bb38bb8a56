/**
 * What may teach a model that is measured, and what judges it: towers are dealt into folds, and the history is cut in
 * time. Sensors of one tower see one defect, and so stand in one fold.
 */
import type { Random } from '../../../core/statistics/random.ts';
import type { Column, SensorSeries } from './sensor-series.ts';
import type { SensorLooks } from './shown-defects.ts';

const FOLDS = 4;
/** This part of the time teaches; what comes later only judges. */
const TAUGHT_PART = 0.8;

export interface TowerFolds {
  /** 1 where too few towers were looked at to hold any out: then they teach, and are judged, all together. */
  readonly count: number;
  isJudgedBy(fold: number, sensorId: string): boolean;
  mayTeach(fold: number, sensorId: string): boolean;
}

/** The time after which nothing teaches. */
export function cutInTime(series: readonly SensorSeries[]): number {
  const ends = series.flatMap(({ observedAt }) => [observedAt[0]!, observedAt.at(-1)!]);
  const [start, end] = [Math.min(...ends), Math.max(...ends)];
  return start + TAUGHT_PART * (end - start);
}

/** Readings up to and including `cut`; shares memory with the whole. */
export function seriesUntil(series: SensorSeries, cut: number): SensorSeries {
  const end = series.observedAt.findIndex((time) => time > cut);
  const take = <Values extends Column>(column: Values) =>
    (end < 0 ? column : column.subarray(0, end)) as Values;
  return {
    sensorId: series.sensorId,
    observedAt: take(series.observedAt),
    channels: series.channels.map((column) => take(column)),
    context: series.context.map((column) => take(column)),
  };
}

/**
 * Towers with defects are dealt out first, so that every fold has its share of them.
 *
 * @param looks only those that may teach
 */
export function dealTowers(
  sensorIds: readonly string[],
  towerOf: (sensorId: string) => string,
  looks: ReadonlyMap<string, SensorLooks>,
  random: Random,
): TowerFolds {
  const looked = new Set([...looks.keys()].map(towerOf)).size;
  const count = looked >= FOLDS ? FOLDS : 1;
  const ranks = new Map<string, number>();
  const defective = new Set(
    [...looks].filter(([, own]) => own.intervals.some(isOfDefect)).map(([sensorId]) => towerOf(sensorId)),
  );
  for (const tower of new Set(sensorIds.map(towerOf))) {
    ranks.set(tower, (defective.has(tower) ? 0 : 1) + random.uniform());
  }
  const ranked = [...ranks].sort(([, left], [, right]) => left - right);
  const foldOf = new Map(ranked.map(([tower], at) => [tower, at % count]));
  const isJudgedBy = (fold: number, sensorId: string) => foldOf.get(towerOf(sensorId)) === fold;
  return {
    count,
    isJudgedBy,
    mayTeach: (fold, sensorId) => count === 1 || !isJudgedBy(fold, sensorId),
  };
}

function isOfDefect({ belief }: SensorLooks['intervals'][number]): boolean {
  return belief !== 'healthy';
}
