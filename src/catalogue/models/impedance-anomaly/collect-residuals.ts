/** Replays the history through a fitted stem once, and keeps what the later steps of training need. */
import { CONTEXT_LIMIT } from './context-features.ts';
import { replay } from './fit-stem.ts';
import { NO_PEERS, PeerBoard } from './peer-board.ts';
import { measureShared, slotOf, standingOf, takeOutShared } from './peer-comparison.ts';
import type { ResidualShape } from './residual-shape.ts';
import { MILLISECONDS_PER_HOUR, type SensorSeries } from './sensor-series.ts';
import { Stem, type StemParameters } from './stem.ts';
import { longestStepHours } from './timescales.ts';

/** Of a standard deviation of the context: finer than any use of it asks for, and half the memory of a float. */
export const CONTEXT_STEPS = Math.floor(0x7fff / CONTEXT_LIMIT);

export interface SensorResiduals {
  readonly sensorId: string;
  readonly observedAt: Float64Array;
  /** Standardised, one array a channel, NaN for missing and before the shape starts. */
  readonly residuals: readonly Float32Array[];
  /** Of the residuals, by their precision, one array a channel. */
  readonly weights: readonly Float32Array[];
  /** Standardised, in steps that `readContext` undoes, one array a context column. */
  readonly context: readonly Int16Array[];
  /** Index of the first reading after the warm-up. */
  readonly readyFrom: number;
  /** Of the stem, after the last reading. */
  readonly finalState: Float32Array;
  /** Where all sensors stood at every turn of a slot. */
  readonly board: PeerBoard;
}

export interface Residuals {
  /** The stem, with what the sensors of a site share. */
  readonly stem: StemParameters;
  readonly sensors: readonly SensorResiduals[];
}

/** @param until what sensors share is measured up to this time */
export function collectResiduals(
  all: readonly SensorSeries[],
  parameters: StemParameters,
  siteOf: (sensorId: string) => string,
  until: number,
): Residuals {
  const stem = new Stem(parameters);
  const { timescales } = parameters;
  const embedding = new Float32Array(stem.embeddingSize);
  const board = new PeerBoard(
    parameters.shared.length,
    siteOf,
    all.map(({ sensorId }) => sensorId),
  );
  const sensors = all.map((series) => {
    const count = series.observedAt.length;
    const residuals = parameters.channels.map(() => new Float32Array(count).fill(NaN));
    const weights = parameters.channels.map(() => new Float32Array(count));
    const context = parameters.context.map(() => new Int16Array(count));
    let readyFrom = count;
    let finalState: Float32Array = new Float32Array(0);
    replay([series], stem, (state, index) => {
      finalState = state;
      if (!stem.warmingUp(state)) readyFrom = Math.min(readyFrom, index);
      const nextSlot = slotOf(series.observedAt[index + 1] ?? NaN, timescales);
      if (nextSlot > slotOf(series.observedAt[index]!, timescales) && !stem.warmingUp(state)) {
        stem.embed(state, embedding);
        board.put(series.sensorId, nextSlot, standingOf(embedding, parameters.channels.length));
      }
      for (const [column, values] of context.entries()) {
        values[index] = Math.round(stem.features.standardised[column]! * CONTEXT_STEPS);
      }
      if (!stem.settled(state)) return;
      for (const [channel, values] of residuals.entries()) values[index] = stem.residual[channel]!;
      for (const [channel, values] of weights.entries()) values[index] = stem.weight[channel]!;
    });
    return {
      sensorId: series.sensorId,
      observedAt: series.observedAt,
      residuals,
      weights,
      context,
      readyFrom,
      finalState,
      board,
    };
  });
  return { stem: { ...parameters, shared: measureShared(board, timescales, until) }, sensors };
}

/** Of one context column at one reading, in standard deviations. */
export function readContext({ context }: SensorResiduals, column: number, index: number): number {
  return context[column]![index]! / CONTEXT_STEPS;
}

/** Replays the learner alone over residuals that were collected; `visit` gets the embedding, which is reused. */
export function forEachShape(
  sensor: SensorResiduals,
  parameters: StemParameters,
  shape: ResidualShape,
  range: { readonly from: number; readonly to: number },
  every: number,
  visit: (embedding: Float32Array, index: number) => void,
  addToResiduals?: (residuals: Float64Array, context: Float64Array, index: number) => void,
): void {
  const state = new Float32Array(shape.stateSize);
  shape.initialise(state);
  const residuals = new Float64Array(sensor.residuals.length);
  const weights = new Float64Array(sensor.residuals.length);
  const context = new Float64Array(sensor.context.length);
  const embedding = new Float32Array(shape.size * residuals.length);
  let slot = NaN;
  let reference = NO_PEERS;
  for (let index = range.from; index < range.to; index++) {
    for (let i = 0; i < residuals.length; i++) {
      residuals[i] = sensor.residuals[i]![index]!;
      weights[i] = sensor.weights[i]![index]!;
    }
    for (let i = 0; i < context.length; i++) context[i] = readContext(sensor, i, index);
    addToResiduals?.(residuals, context, index);
    shape.update(state, residuals, weights, context, stepHours(sensor.observedAt, index, parameters));
    if ((index - range.from) % every !== 0) continue;
    shape.describe(state, parameters.shapeScale, embedding);
    const slotNow = slotOf(sensor.observedAt[index]!, parameters.timescales);
    if (slotNow !== slot) reference = sensor.board.reference(sensor.sensorId, slotNow);
    slot = slotNow;
    takeOutShared(embedding, parameters.shared, reference);
    visit(embedding, index);
  }
}

function stepHours(observedAt: Float64Array, index: number, { timescales }: StemParameters): number {
  if (index === 0) return timescales.intervalHours;
  const elapsed = (observedAt[index]! - observedAt[index - 1]!) / MILLISECONDS_PER_HOUR;
  return Math.min(elapsed, longestStepHours(timescales));
}
