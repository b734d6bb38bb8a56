/** Fits what all sensors share: scales, and how a healthy channel answers to the context. */
import {
  packedIndex,
  factorInPlace,
  solveFactored,
} from '../../../core/statistics/solve-positive-definite.ts';
import { quantile } from '../../../core/statistics/quantile.ts';
import { chooseChannelScale, toModelScale, type ChannelScale } from './channel-scale.ts';
import { ContextFeatures, type ContextScaling } from './context-features.ts';
import type { RegressionPrior } from './context-regression.ts';
import { forEachReading, MILLISECONDS_PER_HOUR, type SensorSeries } from './sensor-series.ts';
import { measureStaleLimit } from './stale-columns.ts';
import { chooseTimescales, type Timescales } from './timescales.ts';

export interface Population {
  readonly channelScales: readonly ChannelScale[];
  readonly contextScaling: ContextScaling;
  readonly timescales: Timescales;
  readonly staleAfterHours: readonly (number | null)[];
  readonly prior: RegressionPrior;
}

/** Ridge of the population's regression, per reading; regressors have a deviation near one. */
const RIDGE = 1e-4;

/** A context is new where fewer than this share of readings lay further out. */
const RANGE_TAIL = 0.001;
/** Neighbouring readings repeat each other: every third suffices for what all sensors share. */
const EVERY = 3;

export function measureTimescales(all: readonly SensorSeries[]): Timescales {
  const intervals: number[] = [];
  const durations: number[] = [];
  for (const { observedAt } of all) {
    const every = Math.max(1, Math.floor(observedAt.length / 1000));
    for (let i = 1; i < observedAt.length; i += every) {
      intervals.push((observedAt[i]! - observedAt[i - 1]!) / MILLISECONDS_PER_HOUR);
    }
    durations.push((observedAt.at(-1)! - observedAt[0]!) / MILLISECONDS_PER_HOUR);
  }
  return chooseTimescales(quantile(intervals, 0.5), quantile(durations, 0.5));
}

export function measureContext(all: readonly SensorSeries[], columns: number): ContextScaling {
  const mean: number[] = [];
  const deviation: number[] = [];
  const lowest: number[] = [];
  const highest: number[] = [];
  for (let column = 0; column < columns; column++) {
    let count = 0;
    let average = 0;
    let squares = 0;
    for (const series of all) {
      for (const value of series.context[column]!) {
        if (Number.isNaN(value)) continue;
        count++;
        const change = value - average;
        average += change / count;
        squares += change * (value - average);
      }
    }
    mean.push(average);
    deviation.push(Math.sqrt(squares / Math.max(1, count)) || 1);
    const values = all.flatMap((series) => Array.from(sampleColumn(series.context[column]!)));
    lowest.push(((quantile(values, RANGE_TAIL) || average) - average) / deviation[column]!);
    highest.push(((quantile(values, 1 - RANGE_TAIL) || average) - average) / deviation[column]!);
  }
  return { mean, deviation, lowest, highest };
}

function sampleColumn(column: Float64Array): Float64Array {
  return column.filter((value, index) => index % EVERY === 0 && !Number.isNaN(value));
}

export function measureChannel(all: readonly SensorSeries[], channel: number): ChannelScale {
  let smallest = Infinity;
  for (const series of all) {
    for (const value of series.channels[channel]!) if (value < smallest) smallest = value;
  }
  return chooseChannelScale(smallest);
}

function measureStaleLimits(
  all: readonly SensorSeries[],
  channels: number,
  columns: number,
  { intervalHours, horizonsHours }: Timescales,
): (number | null)[] {
  const pick = (choose: (series: SensorSeries) => Float64Array) =>
    measureStaleLimit(
      all.map((series) => ({ observedAt: series.observedAt, column: choose(series) })),
      intervalHours,
      horizonsHours[2],
    );
  return [
    ...Array.from({ length: channels }, (_, i) => pick((series) => series.channels[i]!)),
    ...Array.from({ length: columns }, (_, i) => pick((series) => series.context[i]!)),
  ];
}

/** Pooled least squares within sensors: each sensor keeps its own level, all share the slopes. */
export function fitPopulation(all: readonly SensorSeries[], channels: number, columns: number): Population {
  const timescales = measureTimescales(all);
  const contextScaling = measureContext(all, columns);
  const channelScales = Array.from({ length: channels }, (_, channel) => measureChannel(all, channel));
  const staleAfterHours = measureStaleLimits(all, channels, columns, timescales);
  const features = new ContextFeatures(contextScaling, timescales.horizonsHours.slice(0, 3));
  const size = features.size;
  const gram = new Float64Array(packedIndex(size, 0));
  const sums = new Float64Array(channels * size);
  let readings = 0;
  for (const series of all) {
    readings += addWithinSensor(series, features, channelScales, timescales, gram, sums);
  }
  const factor = gram.slice();
  for (let i = 0; i < size; i++) {
    const diagonal = packedIndex(i, i);
    factor[diagonal] = factor[diagonal]! + RIDGE * readings;
  }
  const coefficients = new Float32Array(channels * size);
  if (factorInPlace(factor, size)) {
    for (let channel = 0; channel < channels; channel++) {
      const solution = sums.slice(channel * size, (channel + 1) * size);
      solveFactored(factor, size, solution);
      solution[0] = 0;
      coefficients.set(solution, channel * size);
    }
  }
  const perReading = Float32Array.from(gram, (value) => value / Math.max(1, readings));
  for (let i = 1; i < size; i++) {
    const diagonal = packedIndex(i, i);
    perReading[diagonal] = perReading[diagonal]! + RIDGE;
  }
  return {
    channelScales,
    contextScaling,
    timescales,
    staleAfterHours,
    prior: { gram: perReading, coefficients },
  };
}

/** Adds one sensor's centred products; a missing channel value is left out of that channel's sums only. */
function addWithinSensor(
  series: SensorSeries,
  features: ContextFeatures,
  scales: readonly ChannelScale[],
  timescales: Timescales,
  gram: Float64Array,
  sums: Float64Array,
): number {
  const size = features.size;
  const state = new Float32Array(features.stateSize).fill(NaN);
  const x = new Float64Array(size);
  const total = new Float64Array(size);
  const ownGram = new Float64Array(gram.length);
  const ownSums = new Float64Array(sums.length);
  const channelTotals = scales.map(() => ({ count: 0, value: 0, x: new Float64Array(size), first: NaN }));
  let readings = 0;
  forEachReading(series, (values, context, elapsed, index) => {
    features.update(state, context, elapsed ?? timescales.intervalHours, x);
    if (index % EVERY !== 0) return;
    readings++;
    let at = 0;
    for (let row = 0; row < size; row++) {
      total[row] = total[row]! + x[row]!;
      for (let column = 0; column <= row; column++, at++) ownGram[at] = ownGram[at]! + x[row]! * x[column]!;
    }
    for (const [channel, scale] of scales.entries()) {
      const scaled = toModelScale(scale, values[channel]!);
      if (Number.isNaN(scaled)) continue;
      const own = channelTotals[channel]!;
      // Counting from the first value keeps the sums small at any level.
      if (own.count === 0) own.first = scaled;
      const value = scaled - own.first;
      own.count++;
      own.value += value;
      for (let i = 0; i < size; i++) {
        own.x[i] = own.x[i]! + x[i]!;
        ownSums[channel * size + i] = ownSums[channel * size + i]! + value * x[i]!;
      }
    }
  });
  let at = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++, at++) {
      gram[at] = gram[at]! + ownGram[at]! - (total[row]! * total[column]!) / Math.max(1, readings);
    }
  }
  for (const [channel, own] of channelTotals.entries()) {
    if (own.count === 0) continue;
    // A channel seen in part of the readings is scaled up to the common count.
    const share = readings / own.count;
    for (let i = 0; i < size; i++) {
      const centred = ownSums[channel * size + i]! - (own.value * own.x[i]!) / own.count;
      sums[channel * size + i] = sums[channel * size + i]! + share * centred;
    }
  }
  return readings;
}
