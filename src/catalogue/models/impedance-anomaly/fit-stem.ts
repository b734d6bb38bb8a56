/** Fits the stem: the shared network first, then two replays of the history that measure what it leaves. */
import { quantile } from '../../../core/statistics/quantile.ts';
import type { Random } from '../../../core/statistics/random.ts';
import { chooseSensors } from './choose-sensors.ts';
import { fitPopulation } from './fit-population.ts';
import { fitPrior, networkOutputs, type NetworkOutputs } from './fit-prior.ts';
import { COMPARED } from './peer-board.ts';
import { shapeSize } from './residual-shape.ts';
import { forEachReading, type SensorSeries } from './sensor-series.ts';
import { sampleReadings } from './sample-readings.ts';
import { SPREAD_PARAMETERS, Stem, type StemParameters } from './stem.ts';
import { trainContextNetwork } from './train-context-network.ts';

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
const MOST_READINGS = 800_000;
/** Logarithm of the spread of a channel that training never saw: whatever comes is not judged. */
const UNKNOWN_SPREAD = Math.log(1e9);
/** Of the spread's line, per reading. */
const RIDGE = 1e-2;

export async function fitStem(
  all: readonly SensorSeries[],
  channels: readonly string[],
  context: readonly string[],
  random: Random,
  report: (share: number) => void,
): Promise<StemParameters> {
  const population = fitPopulation(all, channels.length, context.length);
  const readings = sampleReadings(all, population);
  report(0.1);
  const network = await trainContextNetwork(readings, channels.length, random, (share) =>
    report(0.1 + 0.5 * share),
  );
  const outputs = network && networkOutputs(readings, network, channels.length);
  const first: StemParameters = {
    channels,
    context,
    ...population,
    network,
    prior: fitPrior(readings, outputs, channels.length, context.length),
    spread: usualSpread(outputs, channels.length),
    // Nothing pauses learning before spreads are known.
    shapeScale: new Float32Array(channels.length * shapeSize(context.length)).fill(Infinity),
    // As long as peers have not been looked at, nothing is taken out.
    shared: new Float32Array(channels.length * COMPARED),
  };
  const some = chooseSensors(all, MOST_READINGS);
  const spread = fitSpread(some, first);
  report(0.8);
  const second: StemParameters = { ...first, spread };
  const shapeScale = measureShape(some, second);
  report(1);
  return { ...second, shapeScale };
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

/** Before sensors have been replayed: as the network has it, or one and the same where there is no context. */
function usualSpread(outputs: NetworkOutputs | null, channels: number): Float32Array {
  const spread = new Float32Array(channels * SPREAD_PARAMETERS);
  if (outputs === null) return spread;
  for (let channel = 0; channel < channels; channel++) {
    spread.set([0, 1, quantile(outputs[channels + channel]!, 0.5)], channel * SPREAD_PARAMETERS);
  }
  return spread;
}

/** How far residuals of the sensors' own regressions spread, by what the network says: a straight line in logarithms. */
function fitSpread(all: readonly SensorSeries[], parameters: StemParameters): Float32Array {
  const { channels, network } = parameters;
  const stem = new Stem(parameters);
  const says = channels.map((): number[] => []);
  const left = channels.map((): number[] => []);
  replay(all, stem, (state, index) => {
    if (stem.warmingUp(state) || index % EVERY !== 0) return;
    for (let channel = 0; channel < channels.length; channel++) {
      const difference = stem.difference[channel]!;
      if (Number.isNaN(difference)) continue;
      left[channel]!.push(Math.abs(difference));
      says[channel]!.push(stem.saysOfSpread(channel));
    }
  });
  const spread = new Float32Array(channels.length * SPREAD_PARAMETERS);
  for (const [channel, magnitudes] of left.entries()) {
    if (magnitudes.length === 0) {
      spread.set([UNKNOWN_SPREAD, 0, UNKNOWN_SPREAD], channel * SPREAD_PARAMETERS);
      continue;
    }
    const typical = typicalSpread(magnitudes);
    const x = says[channel]!;
    // Against what is expected already: a residual near zero says little more about its spread.
    const expected = x.map((value) => (network === null ? Math.log(typical) : value));
    const excess = magnitudes.map(
      (magnitude, i) => Math.log(magnitude / Math.exp(expected[i]!) + SMALLEST_RESIDUAL) - NORMAL_LOG_MEAN,
    );
    const line = network === null ? { offset: Math.log(typical), slope: 0 } : fitLine(x, excess);
    const slope = network === null ? 0 : 1 + line.slope;
    const usual = line.offset + slope * (quantile(x, 0.5) || 0);
    spread.set([line.offset, slope, usual], channel * SPREAD_PARAMETERS);
  }
  return spread;
}

/** A channel that mostly stands still is judged by how far it goes when it moves. */
function typicalSpread(magnitudes: readonly number[]): number {
  const spread = Math.max(
    quantile(magnitudes, 0.5) / NORMAL_MEDIAN,
    quantile(magnitudes, 0.85) / NORMAL_85_PERCENT,
  );
  if (spread > 0) return spread;
  const squares = magnitudes.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares / magnitudes.length) || Number.EPSILON;
}

/** Least squares, leaning to no slope where x hardly varies. */
function fitLine(x: readonly number[], y: readonly number[]): { offset: number; slope: number } {
  const count = Math.max(1, x.length);
  const meanX = x.reduce((sum, value) => sum + value, 0) / count;
  const meanY = y.reduce((sum, value) => sum + value, 0) / count;
  let [products, squares] = [0, RIDGE * count];
  for (const [i, value] of x.entries()) {
    products += (value - meanX) * (y[i]! - meanY);
    squares += (value - meanX) ** 2;
  }
  const slope = products / squares;
  return { offset: meanY - slope * meanX, slope };
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
