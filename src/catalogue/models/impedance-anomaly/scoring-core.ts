/** The forward pass of one reading, from stem to alarm, over a sensor's state; no ids, no clock, no TensorFlow. */
import { Alarm, ALARM_STATE_SIZE } from './alarm.ts';
import type { FittedModel } from './fitted-model.ts';
import { Head, writeHeadInputs } from './head.ts';
import { Stem } from './stem.ts';
import { longestStepHours } from './timescales.ts';

export class ScoringCore {
  readonly stateSize: number;
  readonly stem: Stem;
  /** Exit `embedding`, [channels, features]. */
  readonly embedding: Float32Array;
  /** Exit `logits`, [defect, kinds...]. */
  readonly logits: Float64Array;
  private readonly head: Head;
  private readonly alarm: Alarm;
  private readonly inputs: Float32Array;
  private readonly longestStep: number;

  constructor(readonly model: Pick<FittedModel, 'stem' | 'head' | 'alarm'>) {
    this.stem = new Stem(model.stem);
    this.head = new Head(model.head);
    this.alarm = new Alarm(model.alarm);
    this.embedding = new Float32Array(this.stem.embeddingSize);
    this.inputs = new Float32Array(this.head.inputs);
    this.logits = new Float64Array(this.head.outputs);
    this.longestStep = longestStepHours(model.stem.timescales);
    this.stateSize = this.stem.stateSize + ALARM_STATE_SIZE;
  }

  initialise(state: Float32Array): void {
    this.stem.initialise(state.subarray(0, this.stem.stateSize));
    this.alarm.initialise(this.alarmState(state));
  }

  /** Takes in one reading, NaN for missing values; true where an event is open after it. */
  read(state: Float32Array, elapsedHours: number, values: Float64Array, context: Float64Array): boolean {
    const stemState = state.subarray(0, this.stem.stateSize);
    this.stem.read(stemState, elapsedHours, values, context);
    if (this.stem.warmingUp(stemState)) return false;
    this.stem.embed(stemState, this.embedding);
    writeHeadInputs(this.embedding, this.model.stem.channels.length, this.inputs);
    this.head.forward(this.inputs, this.logits);
    return this.alarm.update(
      this.alarmState(state),
      this.logits[0]!,
      Math.min(elapsedHours, this.longestStep),
    );
  }

  warmingUp(state: Float32Array): boolean {
    return this.stem.warmingUp(state);
  }

  /** The logit that has persisted; NaN while warming up. */
  persistentLogit(state: Float32Array): number {
    return this.alarmState(state)[0]!;
  }

  setPersistentLogit(state: Float32Array, logit: number): void {
    this.alarmState(state)[0] = logit;
  }

  isOpen(state: Float32Array): boolean {
    return this.alarmState(state)[1] === 1;
  }

  private alarmState(state: Float32Array): Float32Array {
    return state.subarray(this.stem.stateSize, this.stateSize);
  }
}
