/**
 * The stem: takes weather and load out of a reading, and hands what is left to the learner. It is causal: a
 * reading is predicted from coefficients that earlier readings taught.
 */
import { toModelScale, type ChannelScale } from './channel-scale.ts';
import { ContextFeatures, type ContextScaling } from './context-features.ts';
import { ContextNetwork, type ContextNetworkWeights } from './context-network.ts';
import { ContextRegression, type RegressionPrior } from './context-regression.ts';
import { dampen, subtract } from './residual.ts';
import { HORIZONS, ResidualShape } from './residual-shape.ts';
import { regressorCount, writeRegressors } from './regressors.ts';
import { StaleColumns } from './stale-columns.ts';
import { longestStepHours, type Timescales } from './timescales.ts';

export interface StemParameters {
  readonly channels: readonly string[];
  readonly context: readonly string[];
  readonly channelScales: readonly ChannelScale[];
  readonly contextScaling: ContextScaling;
  readonly timescales: Timescales;
  /** Hours after which a repeating value is stale, channels first; null: never. */
  readonly staleAfterHours: readonly (number | null)[];
  /** Null where there is no context. */
  readonly network: ContextNetworkWeights | null;
  readonly prior: RegressionPrior;
  /**
   * [channels, 3]: the logarithm of a residual's deviation is offset + slope × what the network says of it; the third
   * is its usual value.
   */
  readonly spread: Float32Array;
  /** Healthy spread of every feature of the shape, [channels, features]. */
  readonly shapeScale: Float32Array;
  /** How much of each compared feature the sensors of a site share, 0..1, [channels, compared]. */
  readonly shared: Float32Array;
}

/** The regression is pulled by at most this many standard deviations. */
const LEARNING_LIMIT = 2.5;
/** A lasting mean this far out, in units of its healthy spread, pauses learning: a defect is not to be learned away. */
const PAUSE_ABOVE = 4;
/** How the deviation grows with each standard deviation that the context lies outside of what training saw. */
const DOUBT = 4;
/** No reading counts for more than this many usual ones in a mean, nor for less than one in so many. */
export const WEIGHT_LIMIT = 20;
export const SPREAD_PARAMETERS = 3;
const [HOURS, NEXT] = [0, 1];

export class Stem {
  readonly stateSize: number;
  readonly embeddingSize: number;
  /** Of the last reading, one a channel, in model scale; NaN where the channel is missing. */
  readonly expected: Float64Array;
  readonly difference: Float64Array;
  readonly deviation: Float64Array;
  /** Difference in deviations, limited. */
  readonly residual: Float64Array;
  /** Of the residual in means: 1 for one of usual precision. */
  readonly weight: Float64Array;
  readonly features: ContextFeatures;
  readonly shape: ResidualShape;
  /** Of the sensor's own regression: 1, the context, its means, what the network makes of it. */
  readonly regressors: Float64Array;
  private readonly network: ContextNetwork | null;
  private readonly inputs: Float64Array;
  private readonly regression: ContextRegression;
  private readonly lesson: Float64Array;
  private readonly lessonWeight: Float64Array;
  private readonly longestStep: number;
  private readonly offsets: {
    variance: number;
    stale: number;
    context: number;
    regression: number;
    shape: number;
  };
  private readonly channelsStale: StaleColumns;
  private readonly contextStale: StaleColumns;
  private readonly values: Float64Array;
  private readonly context: Float64Array;

  constructor(readonly parameters: StemParameters) {
    const { timescales, context } = parameters;
    const channels = parameters.channels.length;
    this.longestStep = longestStepHours(timescales);
    this.features = new ContextFeatures(parameters.contextScaling, timescales.horizonsHours);
    this.inputs = new Float64Array(this.features.size);
    this.network = parameters.network && new ContextNetwork(parameters.network);
    this.regressors = new Float64Array(regressorCount(channels, context.length));
    this.regression = new ContextRegression(this.regressors.length, channels, parameters.prior, timescales);
    this.shape = new ResidualShape(channels, context.length, timescales);
    this.embeddingSize = channels * this.shape.size;
    const variance = NEXT;
    const [, , absentAfterHours] = timescales.horizonsHours;
    this.channelsStale = new StaleColumns(parameters.staleAfterHours.slice(0, channels), absentAfterHours);
    this.contextStale = new StaleColumns(parameters.staleAfterHours.slice(channels), absentAfterHours);
    const stale = variance + channels;
    const contextAt = stale + this.channelsStale.stateSize + this.contextStale.stateSize;
    const regression = contextAt + this.features.stateSize;
    const shape = regression + this.regression.stateSize;
    this.offsets = { variance, stale, context: contextAt, regression, shape };
    this.stateSize = shape + this.shape.stateSize;
    this.expected = new Float64Array(channels);
    this.deviation = new Float64Array(channels);
    this.residual = new Float64Array(channels);
    this.difference = new Float64Array(channels);
    this.weight = new Float64Array(channels).fill(1);
    this.lesson = new Float64Array(channels);
    this.lessonWeight = new Float64Array(channels);
    this.values = new Float64Array(channels);
    this.context = new Float64Array(context.length);
  }

  initialise(state: Float32Array): void {
    const { variance, stale, context, regression, shape } = this.offsets;
    state[HOURS] = 0;
    state.fill(1, variance, stale);
    this.channelsStale.initialise(state.subarray(stale, stale + this.channelsStale.stateSize));
    this.contextStale.initialise(state.subarray(stale + this.channelsStale.stateSize, context));
    state.fill(NaN, context, regression);
    this.regression.initialise(state.subarray(regression, shape));
    this.shape.initialise(state.subarray(shape, this.stateSize));
  }

  warmingUp(state: Float32Array): boolean {
    return state[HOURS]! < this.parameters.timescales.warmUpHours;
  }

  /** The sensor's level is known well enough to watch what is left. */
  settled(state: Float32Array): boolean {
    return state[HOURS]! >= this.parameters.timescales.warmUpHours / 2;
  }

  /**
   * Takes in one reading.
   * @param values,context in their own units, NaN for missing
   */
  read(state: Float32Array, elapsedHours: number, values: Float64Array, context: Float64Array): void {
    const step = Math.min(elapsedHours, this.longestStep);
    const { stale: staleAt, context: contextAt, regression: regressionAt, shape: shapeAt } = this.offsets;
    const contextStaleAt = staleAt + this.channelsStale.stateSize;
    this.values.set(values);
    this.context.set(context);
    this.channelsStale.update(state.subarray(staleAt, contextStaleAt), this.values, elapsedHours);
    const blind = this.contextStale.update(
      state.subarray(contextStaleAt, contextAt),
      this.context,
      elapsedHours,
    );
    const regression = state.subarray(regressionAt, shapeAt);
    const shape = state.subarray(shapeAt, this.stateSize);
    this.features.update(state.subarray(contextAt, regressionAt), this.context, elapsedHours, this.inputs);
    this.regress();
    this.compare(state, regression, this.values);
    const settled = this.settled(state);
    state[HOURS] = state[HOURS]! + step;
    // Without its context a reading says nothing about health, and teaches nothing.
    if (blind) this.residual.fill(NaN);
    if (blind) return;
    if (settled) this.shape.update(shape, this.residual, this.weight, this.features.standardised, step);
    if (settled && this.isSuspicious(shape)) return;
    this.learn(state, regression, step, settled);
  }

  /** What the network says of the logarithm of a channel's deviation at the last reading. */
  saysOfSpread(channel: number): number {
    return this.network?.outputs[this.parameters.channels.length + channel] ?? 0;
  }

  /** Exit `embedding`: [channels, features of the shape]. */
  embed(
    state: Float32Array,
    out: Float64Array | Float32Array,
    scale: Float32Array = this.parameters.shapeScale,
  ): void {
    this.shape.describe(state.subarray(this.offsets.shape, this.stateSize), scale, out);
  }

  private regress(): void {
    const columns = this.parameters.context.length;
    this.network?.forward(this.inputs);
    writeRegressors(this.inputs, this.network?.outputs ?? NOTHING, columns, this.regressors);
  }

  private compare(state: Float32Array, regression: Float32Array, values: Float64Array): void {
    const { channelScales, spread } = this.parameters;
    const unsure = 1 + DOUBT * this.features.novelty;
    for (let channel = 0; channel < values.length; channel++) {
      const value = toModelScale(channelScales[channel]!, values[channel]!);
      let expected = this.regression.predict(regression, channel, this.regressors);
      if (Number.isNaN(expected) && !Number.isNaN(value)) {
        this.regression.startLevel(regression, channel, this.regressors, value);
        expected = value;
      }
      const says = this.saysOfSpread(channel);
      const at = channel * SPREAD_PARAMETERS;
      const logarithm = spread[at]! + spread[at + 1]! * says;
      const own = Math.sqrt(state[this.offsets.variance + channel]!);
      this.expected[channel] = expected;
      this.deviation[channel] = unsure * own * Math.exp(logarithm);
      const precision = Math.exp(spread[at + 2]! - logarithm) / unsure;
      this.weight[channel] = Math.max(1 / WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, precision));
      this.difference[channel] = subtract(value, expected);
      this.residual[channel] = dampen(this.difference[channel]! / this.deviation[channel]!);
    }
  }

  private isSuspicious(shape: Float32Array): boolean {
    const { shapeScale } = this.parameters;
    for (let channel = 0; channel < this.residual.length; channel++) {
      for (let horizon = 2; horizon < HORIZONS; horizon++) {
        const mean = this.shape.mean(shape, channel, horizon);
        if (Math.abs(mean) > PAUSE_ABOVE * shapeScale[channel * this.shape.size + horizon]!) return true;
      }
    }
    return false;
  }

  private learn(state: Float32Array, regression: Float32Array, step: number, settled: boolean): void {
    const { forgettingHours, warmUpHours } = this.parameters.timescales;
    // The population's deviation counts like a warm-up's worth of readings.
    const gain = step / Math.min(forgettingHours, warmUpHours + state[HOURS]!);
    for (let channel = 0; channel < this.residual.length; channel++) {
      const residual = this.residual[channel]!;
      const bound = settled ? LEARNING_LIMIT * this.deviation[channel]! : Infinity;
      this.lesson[channel] = limit(this.difference[channel]!, bound);
      this.lessonWeight[channel] = this.weight[channel]! ** 2;
      if (Number.isNaN(residual) || !settled) continue;
      const at = this.offsets.variance + channel;
      state[at] = state[at]! * (1 + gain * (residual * residual - 1));
    }
    this.regression.learn(regression, this.regressors, this.lesson, this.lessonWeight, step);
  }
}

const NOTHING = new Float64Array(0);

function limit(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}
