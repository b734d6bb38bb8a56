/**
 * Baseline: each sensor's channels regressed on the context and its recent past, starting from what the training
 * towers have in common; the residual enters a control chart, its mean over a day in standard deviations.
 */
import {
  toModelScale,
  type ChannelScale,
} from '../../../../src/catalogue/models/impedance-anomaly/channel-scale.ts';
import type { SensorSeries } from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import { addToMoments, emptyMoments, type Moments } from '../../../../src/core/statistics/held-out-r2.ts';
import {
  factorInPlace,
  packedIndex,
  solveFactored,
} from '../../../../src/core/statistics/solve-positive-definite.ts';
import type { FusionMethod } from '../method.ts';
import { channelScales, furthest, movingMean, RunningMoments, WARM_UP_MS } from './own-level.ts';

const LAGS_HOURS = [3, 24];
const CHART_HOURS = 24;
const REFIT_MS = 86_400_000;
/** The training towers' coefficients weigh as much as so many own readings. */
const PRIOR_READINGS = 432;
const RIDGE = 1e-4;

export const regressionZScore: FusionMethod = {
  name: 'regression + z',
  scoresAre: 'ranks',
  fit({ series }) {
    const scales = channelScales(series);
    const scaling = contextScaling(series);
    const priors = scales.map((scale, channel) => {
      const sum = emptyMoments(scaling.length * (2 + LAGS_HOURS.length) + 1);
      for (const own of series) {
        const level = meanOf(own.channels[channel]!, scale);
        forEachRow(own, channel, scaling, (row, raw) =>
          addToMoments(sum, row, toModelScale(scale, raw) - level),
        );
      }
      forgetConstant(sum);
      return sum;
    });
    return {
      score: (own) => {
        const charts = scales.map((scale, channel) => {
          const deviations = residualDeviations(own, channel, scaling, priors[channel]!, (raw) =>
            toModelScale(scale, raw),
          );
          return movingMean(own.observedAt, deviations, CHART_HOURS);
        });
        return { score: furthest(charts) };
      },
    };
  },
};

function meanOf(column: Float64Array, scale: ChannelScale): number {
  const moments = new RunningMoments();
  for (const raw of column) if (!Number.isNaN(raw)) moments.add(toModelScale(scale, raw));
  return moments.mean;
}

/** Every tower has its own level, about which the others say nothing. */
function forgetConstant({ columns, withFigure }: Moments): void {
  for (let row = 0; row < withFigure.length; row++) columns[packedIndex(row, 0)] = 0;
  withFigure[0] = 0;
}

function residualDeviations(
  series: SensorSeries,
  channel: number,
  scaling: readonly Scaling[],
  prior: Moments,
  toScale: (raw: number) => number,
): Float32Array {
  const size = prior.withFigure.length;
  const moments = emptyMoments(size);
  const share = PRIOR_READINGS / Math.max(1, prior.cases);
  moments.columns.set(prior.columns.map((value) => share * value));
  moments.withFigure.set(prior.withFigure.map((value) => share * value));
  let coefficients = new Float64Array(size);
  let refitAt = -Infinity;
  let level = NaN;
  const spread = new RunningMoments();
  const deviations = new Float32Array(series.observedAt.length).fill(NaN);
  forEachRow(series, channel, scaling, (row, raw, at) => {
    const time = series.observedAt[at]!;
    if (Number.isNaN(level)) level = toScale(raw);
    const value = toScale(raw) - level;
    if (time >= refitAt) {
      coefficients = solve(moments);
      refitAt = time + REFIT_MS;
    }
    let residual = value;
    for (let i = 0; i < size; i++) residual -= coefficients[i]! * row[i]!;
    if (time >= series.observedAt[0]! + WARM_UP_MS) {
      deviations[at] = residual / spread.deviation;
      spread.add(residual);
    }
    addToMoments(moments, row, value);
  });
  return deviations;
}

function solve(moments: Moments): Float64Array<ArrayBuffer> {
  const size = moments.withFigure.length;
  const matrix = moments.columns.slice();
  for (let i = 0; i < size; i++) matrix[packedIndex(i, i)]! += RIDGE * (moments.cases + PRIOR_READINGS);
  const solution = moments.withFigure.slice();
  if (factorInPlace(matrix, size)) solveFactored(matrix, size, solution);
  return Float64Array.from(solution);
}

interface Scaling {
  readonly mean: number;
  readonly deviation: number;
}

function contextScaling(series: readonly SensorSeries[]): Scaling[] {
  return (series[0]?.context ?? []).map((_, column) => {
    const moments = new RunningMoments();
    for (const own of series) {
      for (const value of own.context[column]!) if (!Number.isNaN(value)) moments.add(value);
    }
    return { mean: moments.mean, deviation: moments.deviation };
  });
}

/** Rows of a constant and per context column its value, its square and its moving means; missing context is its mean. */
function forEachRow(
  series: SensorSeries,
  channel: number,
  scaling: readonly Scaling[],
  visit: (row: Float64Array, raw: number, at: number) => void,
): void {
  const perColumn = 2 + LAGS_HOURS.length;
  const row = new Float64Array(scaling.length * perColumn + 1);
  row[0] = 1;
  for (let at = 0; at < series.observedAt.length; at++) {
    const elapsed = at === 0 ? Infinity : (series.observedAt[at]! - series.observedAt[at - 1]!) / 3_600_000;
    for (const [column, { mean, deviation }] of scaling.entries()) {
      const raw = series.context[column]![at]!;
      const value = Number.isNaN(raw) ? 0 : (raw - mean) / deviation;
      const first = 1 + column * perColumn;
      row[first] = value;
      row[first + 1] = value * value;
      for (const [lag, hours] of LAGS_HOURS.entries()) {
        row[first + 2 + lag]! += (1 - Math.exp(-elapsed / hours)) * (value - row[first + 2 + lag]!);
      }
    }
    const raw = series.channels[channel]![at]!;
    if (!Number.isNaN(raw)) visit(row, raw, at);
  }
}
