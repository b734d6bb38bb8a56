/** Baseline: an isolation forest over single readings with their context, without labels. */
import type { SensorSeries } from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import { createRandom } from '../../../../src/core/statistics/random.ts';
import type { FusionMethod } from '../method.ts';
import { IsolationForest } from './isolation-forest.ts';
import { channelScales, deviationsFromOwnPast } from './own-level.ts';

/** Trees draw few rows; more than this many to draw from make no difference. */
const TRAINING_ROWS = 20_000;

export const isolationForest: FusionMethod = {
  name: 'isolation forest',
  scoresAre: 'ranks',
  fit({ series, seed }) {
    const scales = channelScales(series);
    const readings = series.reduce((sum, { observedAt }) => sum + observedAt.length, 0);
    const every = Math.max(1, Math.floor(readings / TRAINING_ROWS));
    const rows = series.flatMap((own) => {
      const row = rowReader(own, deviationsFromOwnPast(own, scales));
      const taken: Float32Array[] = [];
      for (let at = 0; at < own.observedAt.length; at += every) if (row(at)) taken.push(row(at)!.slice());
      return taken;
    });
    const forest = IsolationForest.grow(rows, createRandom(seed).fork('isolation forest'));
    return {
      score: (own) => {
        const row = rowReader(own, deviationsFromOwnPast(own, scales));
        return {
          score: Float32Array.from(own.observedAt, (_, at) => {
            const values = row(at);
            return values === null ? NaN : forest.score(values);
          }),
        };
      },
    };
  },
};

/** @returns the row of a reading, in an array that is used again; null where a value is missing */
function rowReader(
  { context }: SensorSeries,
  deviations: readonly Float32Array[],
): (at: number) => Float32Array | null {
  const columns = [...deviations, ...context];
  const row = new Float32Array(columns.length);
  return (at) => {
    for (let i = 0; i < columns.length; i++) row[i] = columns[i]![at]!;
    return row.some(Number.isNaN) ? null : row;
  };
}
