/** The forward pass of one reading, from stem to alarm, over a sensor's state; no ids, no clock, no TensorFlow. */
import { Alarm, ALARM_STATE_SIZE } from './alarm.ts';
import type { FittedModel } from './fitted-model.ts';
import { Head, MARKS_PER_CHANNEL, writeHeadInputs, writeMarks } from './head.ts';
import { COMPARED, type PeerReference } from './peer-board.ts';
import { slotOf, standingOf, takeOutShared } from './peer-comparison.ts';
import { Stem } from './stem.ts';
import { longestStepHours } from './timescales.ts';

/** Before the median of the peers: the slot, how many they are. */
const [SLOT, PEERS, MEDIAN] = [0, 1, 2];
/** Slots are kept in single precision. */
const SLOT_MODULUS = 2 ** 20;

export function scoringStateSize(stem: Stem): number {
  return stem.stateSize + ALARM_STATE_SIZE + MEDIAN + stem.parameters.channels.length * COMPARED;
}

export class ScoringCore {
  readonly stateSize: number;
  readonly stem: Stem;
  /** Exit `embedding`, [channels, features]. */
  readonly embedding: Float32Array;
  /** Exit `logits`, [defect, kinds...]. */
  readonly logits: Float64Array;
  private readonly head: Head;
  private readonly alarm: Alarm;
  private readonly marks: Float32Array;
  private readonly inputs: Float32Array;
  private readonly longestStep: number;

  constructor(readonly model: Pick<FittedModel, 'stem' | 'head' | 'alarm'>) {
    this.stem = new Stem(model.stem);
    this.head = new Head(model.head);
    this.alarm = new Alarm(model.alarm);
    this.embedding = new Float32Array(this.stem.embeddingSize);
    this.marks = new Float32Array(model.stem.channels.length * MARKS_PER_CHANNEL);
    this.inputs = new Float32Array(this.head.inputs);
    this.logits = new Float64Array(this.head.outputs);
    this.longestStep = longestStepHours(model.stem.timescales);
    this.stateSize = scoringStateSize(this.stem);
  }

  initialise(state: Float32Array): void {
    this.stem.initialise(state.subarray(0, this.stem.stateSize));
    this.alarm.initialise(this.alarmState(state));
    this.peersState(state)
      .fill(0)
      .fill(NaN, SLOT, SLOT + 1);
  }

  /**
   * To be called before the first reading of each slot, and harmless before any other: takes over what the sensor is
   * compared with in that slot.
   *
   * @param ask is given the slot and where the sensor stands before it, null while that cannot be judged
   */
  enterSlot(
    state: Float32Array,
    observedAt: number,
    ask: (slot: number, standing: Float32Array | null) => PeerReference,
  ): void {
    const slot = slotOf(observedAt, this.model.stem.timescales);
    const peers = this.peersState(state);
    if (peers[SLOT] === slot % SLOT_MODULUS) return;
    const reference = ask(slot, this.standing(state));
    peers[SLOT] = slot % SLOT_MODULUS;
    peers[PEERS] = reference.peers;
    peers.fill(0, MEDIAN);
    if (reference.peers > 0) peers.set(reference.median, MEDIAN);
  }

  /** Takes in one reading, NaN for missing values; true where an event is open after it. */
  read(state: Float32Array, elapsedHours: number, values: Float64Array, context: Float64Array): boolean {
    const stemState = state.subarray(0, this.stem.stateSize);
    this.stem.read(stemState, elapsedHours, values, context);
    if (this.stem.warmingUp(stemState)) return false;
    this.stem.embed(stemState, this.embedding);
    const peers = this.peersState(state);
    const reference = { peers: peers[PEERS]!, median: peers.subarray(MEDIAN) };
    takeOutShared(this.embedding, this.model.stem.shared, reference);
    writeMarks(this.embedding, this.model.stem.channels.length, this.marks);
    writeHeadInputs(this.embedding, this.marks, this.model.head.directions, this.inputs);
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

  private standing(state: Float32Array): Float32Array | null {
    const stemState = state.subarray(0, this.stem.stateSize);
    if (this.stem.warmingUp(stemState)) return null;
    this.stem.embed(stemState, this.embedding);
    return standingOf(this.embedding, this.model.stem.channels.length);
  }

  private alarmState(state: Float32Array): Float32Array {
    return state.subarray(this.stem.stateSize, this.stem.stateSize + ALARM_STATE_SIZE);
  }

  private peersState(state: Float32Array): Float32Array {
    return state.subarray(this.stem.stateSize + ALARM_STATE_SIZE, this.stateSize);
  }
}
