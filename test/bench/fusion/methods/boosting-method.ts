/** Baseline: gradient boosting on readings shortly before a look, with what the look found as their label. */
import type { SensorSeries } from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import type { FusionMethod } from '../method.ts';
import { GradientBoosting } from './gradient-boosting.ts';
import { channelScales, deviationsFromOwnPast, movingMean } from './own-level.ts';

/** Readings of this time before a look are taken to show what it found. */
const BEFORE_LOOK_MS = 3 * 86_400_000;
const MEANS_HOURS = [24, 72];

export const supervisedBoosting: FusionMethod = {
  name: 'supervised boosting',
  scoresAre: 'logits',
  fit({ series, looks }) {
    const scales = channelScales(series);
    const featuresOf = (own: SensorSeries): Float32Array[] => {
      const deviations = deviationsFromOwnPast(own, scales);
      const means = MEANS_HOURS.flatMap((hours) =>
        deviations.map((column) => movingMean(own.observedAt, column, hours)),
      );
      return [...deviations, ...means, ...own.context.map((column) => Float32Array.from(column))];
    };
    const rows: number[][] = [];
    const outcomes: number[] = [];
    for (const own of series) {
      const ofSensor = looks.filter(({ sensorId }) => sensorId === own.sensorId);
      const features = featuresOf(own);
      for (const { inspectedAt, defect } of ofSensor) {
        for (let at = 0; at < own.observedAt.length && own.observedAt[at]! <= inspectedAt; at++) {
          if (own.observedAt[at]! <= inspectedAt - BEFORE_LOOK_MS) continue;
          rows.push(features.map((column) => column[at]!));
          outcomes.push(defect >= 0.5 ? 1 : 0);
        }
      }
    }
    const columns = (rows[0] ?? []).map((_, feature) => Float32Array.from(rows, (row) => row[feature]!));
    const model = GradientBoosting.fit(columns, Uint8Array.from(outcomes));
    return {
      score: (own) => {
        const features = featuresOf(own);
        const row = new Float32Array(features.length);
        return {
          score: Float32Array.from(own.observedAt, (_, at) => {
            for (let i = 0; i < row.length; i++) row[i] = features[i]![at]!;
            return own.channels.every((_, channel) => Number.isNaN(row[channel]!)) ? NaN : model.predict(row);
          }),
        };
      },
    };
  },
};
