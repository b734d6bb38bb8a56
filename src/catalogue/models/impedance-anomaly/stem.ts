/**
 * The stem: takes weather and load out of a reading, and hands what is left to the learner. It is causal: a
 * reading is predicted from coefficients that earlier readings taught.
 */
import { toModelScale, type ChannelScale } from './channel-scale.ts';
import { ContextFeatures, type ContextScaling } from './context-features.ts';
import { ContextRegression, type RegressionPrior } from './context-regression.ts';
import { HORIZONS, ResidualShape } from './residual-shape.ts';
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
  readonly prior: RegressionPrior;
  /** How the context moves the logarithm of the residual's deviation, [channels, regressors]. */
  readonly spread: Float32Array;
  /** Healthy spread of every feature of the shape, [channels, features]. */
  readonly shapeScale: Float32Array;
}

/** One reading moves nothing by more than this many standard deviations. */
const RESIDUAL_LIMIT = 6;
/** The regression is pulled by at most this many standard deviations. */
const LEARNING_LIMIT = 2.5;
/** A lasting mean this far out, in units of its healthy spread, pauses learning: a defect is not to be learned away. */
const PAUSE_ABOVE = 4;
/** How the deviation grows with each standard deviation that the context lies outside of what training saw. */
const DOUBT = 4;
/** The context moves the deviation by at most this factor either way, as a logarithm. */
const SPREAD_LIMIT = 1.5;
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
  readonly features: ContextFeatures;
  readonly shape: ResidualShape;
  readonly regressors: Float64Array;
  private readonly regression: ContextRegression;
  private readonly lesson: Float64Array;
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
    this.features = new ContextFeatures(parameters.contextScaling, timescales.horizonsHours.slice(0, 3));
    this.regressors = new Float64Array(this.features.size);
    this.regression = new ContextRegression(this.features.size, channels, parameters.prior, timescales);
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
    this.lesson = new Float64Array(channels);
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
    this.features.update(
      state.subarray(contextAt, regressionAt),
      this.context,
      elapsedHours,
      this.regressors,
    );
    this.compare(state, regression, this.values);
    const settled = this.settled(state);
    state[HOURS] = state[HOURS]! + step;
    // Without its context a reading says nothing about health, and teaches nothing.
    if (blind) this.residual.fill(NaN);
    if (blind) return;
    if (settled) this.shape.update(shape, this.residual, this.features.standardised, step);
    if (settled && this.isSuspicious(shape)) return;
    this.learn(state, regression, step, settled);
  }

  /** Exit `embedding`: [channels, features of the shape]. */
  embed(
    state: Float32Array,
    out: Float64Array | Float32Array,
    scale: Float32Array = this.parameters.shapeScale,
  ): void {
    this.shape.describe(state.subarray(this.offsets.shape, this.stateSize), scale, out);
  }

  private compare(state: Float32Array, regression: Float32Array, values: Float64Array): void {
    const { channelScales, spread } = this.parameters;
    const size = this.regressors.length;
    for (let channel = 0; channel < values.length; channel++) {
      const value = toModelScale(channelScales[channel]!, values[channel]!);
      let expected = this.regression.predict(regression, channel, this.regressors);
      if (Number.isNaN(expected) && !Number.isNaN(value)) {
        this.regression.startLevel(regression, channel, this.regressors, value);
        expected = value;
      }
      let moved = 0;
      for (let i = 1; i < size; i++) moved += spread[channel * size + i]! * this.regressors[i]!;
      moved = Math.max(-SPREAD_LIMIT, Math.min(SPREAD_LIMIT, moved));
      const own = Math.sqrt(state[this.offsets.variance + channel]!);
      this.expected[channel] = expected;
      const unsure = 1 + DOUBT * this.features.novelty;
      this.deviation[channel] = unsure * own * Math.exp(spread[channel * size]! + moved);
      this.difference[channel] = value - expected;
      this.residual[channel] = limit(this.difference[channel]! / this.deviation[channel]!, RESIDUAL_LIMIT);
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
      if (Number.isNaN(residual) || !settled) continue;
      const at = this.offsets.variance + channel;
      state[at] = state[at]! * (1 + gain * (residual * residual - 1));
    }
    this.regression.learn(regression, this.regressors, this.lesson, step);
  }
}

function limit(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}
