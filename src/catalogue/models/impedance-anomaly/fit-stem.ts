/** Fits the stem in two replays of the history: the first measures spreads, the second uses them. */
import {
  factorInPlace,
  packedIndex,
  solveFactored,
} from '../../../core/statistics/solve-positive-definite.ts';
import { quantile } from '../../../core/statistics/quantile.ts';
import { ContextFeatures } from './context-features.ts';
import { fitPopulation } from './fit-population.ts';
import { shapeSize } from './residual-shape.ts';
import { forEachReading, type SensorSeries } from './sensor-series.ts';
import { Stem, type StemParameters } from './stem.ts';

/** Quantiles of |z| for a standard normal z: the spread is read from the middle and, for heavy tails, further out. */
const NORMAL_MEDIAN = 0.6745;
const NORMAL_85_PERCENT = 1.4395;
/** Mean of log|z| for a standard normal z. */
const NORMAL_LOG_MEAN = -0.6352;
/** Residuals nearer to zero say nothing more about their spread, in units of the median. */
const SMALLEST_RESIDUAL = 0.05;
/** A sensor's shape is sampled this often for the healthy spread of its features. */
const SAMPLES_PER_SENSOR = 400;
/** Neighbouring readings repeat each other: every third suffices for the spread. */
const EVERY = 3;
/** Spreads are measured on whole sensors, evenly chosen, with about this many readings in all. */
const MOST_READINGS = 200_000;
/** Ridge of the spread's regression, per reading. */
const RIDGE = 1e-2;

export function fitStem(
  all: readonly SensorSeries[],
  channels: readonly string[],
  context: readonly string[],
  report: (share: number) => void,
): StemParameters {
  const population = fitPopulation(all, channels.length, context.length);
  report(0.25);
  const first: StemParameters = {
    channels,
    context,
    ...population,
    spread: new Float32Array(population.prior.coefficients.length),
    // Nothing pauses learning before spreads are known.
    shapeScale: new Float32Array(channels.length * shapeSize(context.length)).fill(Infinity),
  };
  const some = chooseSensors(all);
  const differences = measureDifferences(some, first);
  report(0.55);
  const spread = fitSpread(some, first, differences);
  report(0.7);
  const second: StemParameters = { ...first, spread };
  const shapeScale = measureShape(some, second);
  report(1);
  return { ...second, shapeScale };
}

function chooseSensors(all: readonly SensorSeries[]): SensorSeries[] {
  const readings = all.reduce((sum, { observedAt }) => sum + observedAt.length, 0);
  const every = Math.max(1, Math.floor(readings / MOST_READINGS));
  return all.filter((_, at) => at % every === 0);
}

/** Replays every sensor from a fresh state; `visit` sees the stem after each reading. */
export function replay(
  all: readonly SensorSeries[],
  stem: Stem,
  visit: (state: Float32Array, index: number, series: number) => void,
): void {
  for (const [at, series] of all.entries()) {
    const state = new Float32Array(stem.stateSize);
    stem.initialise(state);
    forEachReading(series, (values, context, elapsed, index) => {
      stem.read(state, elapsed ?? stem.parameters.timescales.intervalHours, values, context);
      visit(state, index, at);
    });
  }
}

/** Value minus expectation in model scale, [series][channel], NaN in the warm-up. */
function measureDifferences(all: readonly SensorSeries[], parameters: StemParameters): Float32Array[][] {
  const stem = new Stem(parameters);
  const differences = all.map(({ observedAt }) =>
    parameters.channels.map(() => new Float32Array(observedAt.length).fill(NaN)),
  );
  replay(all, stem, (state, index, series) => {
    if (stem.warmingUp(state)) return;
    for (const [channel, column] of differences[series]!.entries()) column[index] = stem.difference[channel]!;
  });
  return differences;
}

/** Regresses the logarithm of each channel's residual on the context: [channels, regressors]. */
function fitSpread(
  all: readonly SensorSeries[],
  parameters: StemParameters,
  differences: readonly Float32Array[][],
): Float32Array {
  const { timescales, contextScaling, channels } = parameters;
  const features = new ContextFeatures(contextScaling, timescales.horizonsHours.slice(0, 3));
  const size = features.size;
  const typical = channels.map((_, channel) => {
    const magnitudes = differences.flatMap((columns) => sample(columns[channel]!).map(Math.abs));
    return (quantile(magnitudes, 0.5) || Number.EPSILON) / NORMAL_MEDIAN;
  });
  const gram = new Float64Array(packedIndex(size, 0));
  const sums = new Float64Array(channels.length * size);
  const x = new Float64Array(size);
  let count = 0;
  for (const [at, series] of all.entries()) {
    const state = new Float32Array(features.stateSize).fill(NaN);
    forEachReading(series, (_, context, elapsed, index) => {
      features.update(state, context, elapsed ?? timescales.intervalHours, x);
      if (index % EVERY !== 0) return;
      let seen = false;
      for (let channel = 0; channel < channels.length; channel++) {
        const magnitude = Math.abs(differences[at]![channel]![index]!) / typical[channel]!;
        if (Number.isNaN(magnitude)) continue;
        seen = true;
        const value = Math.log(magnitude + SMALLEST_RESIDUAL) - NORMAL_LOG_MEAN;
        for (let i = 0; i < size; i++) sums[channel * size + i] = sums[channel * size + i]! + value * x[i]!;
      }
      if (!seen) return;
      count++;
      let index2 = 0;
      for (let row = 0; row < size; row++) {
        for (let column = 0; column <= row; column++, index2++) {
          gram[index2] = gram[index2]! + x[row]! * x[column]!;
        }
      }
    });
  }
  for (let i = 0; i < size; i++) {
    const diagonal = packedIndex(i, i);
    gram[diagonal] = gram[diagonal]! + RIDGE * Math.max(1, count);
  }
  const spread = new Float32Array(channels.length * size);
  const solvable = factorInPlace(gram, size);
  for (const [channel, deviation] of typical.entries()) {
    const solution = sums.slice(channel * size, (channel + 1) * size);
    if (solvable) solveFactored(gram, size, solution);
    else solution.fill(0);
    solution[0] = solution[0]! + Math.log(deviation);
    spread.set(solution, channel * size);
  }
  return spread;
}

/** Spread of every feature of the shape over all sensors, robust to the few that are defective. */
function measureShape(all: readonly SensorSeries[], parameters: StemParameters): Float32Array {
  const stem = new Stem(parameters);
  const ones = new Float32Array(stem.embeddingSize).fill(1);
  const embedding = new Float32Array(stem.embeddingSize);
  const magnitudes = Array.from(ones, (): number[] => []);
  replay(all, stem, (state, index, series) => {
    const every = Math.max(1, Math.floor(all[series]!.observedAt.length / SAMPLES_PER_SENSOR));
    if (index % every !== 0 || stem.warmingUp(state)) return;
    stem.embed(state, embedding, ones);
    for (const [i, value] of embedding.entries()) magnitudes[i]!.push(Math.abs(value));
  });
  return Float32Array.from(magnitudes, (values) => {
    const spread = Math.max(
      quantile(values, 0.5) / NORMAL_MEDIAN,
      quantile(values, 0.85) / NORMAL_85_PERCENT,
    );
    // A feature that never moves (a channel never seen) stays at zero.
    return spread > 0 ? spread : 1;
  });
}

function sample(column: Float32Array): number[] {
  const every = Math.max(1, Math.floor(column.length / (SAMPLES_PER_SENSOR * 5)));
  const values: number[] = [];
  for (let index = 0; index < column.length; index += every) {
    if (!Number.isNaN(column[index]!)) values.push(column[index]!);
  }
  return values;
}
