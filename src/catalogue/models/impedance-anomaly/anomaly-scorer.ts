/** Scores live readings, one at a time, and keeps where each sensor stands. */
import type { ChannelDeviation, ScoredReading } from '../../../core/domain/anomaly.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { applyPlatt } from '../../../core/statistics/platt-scaling.ts';
import { fromArtifact } from './artifact.ts';
import { fromModelScale } from './channel-scale.ts';
import type { FittedModel, TrainedSensor } from './fitted-model.ts';
import { PeerBoard, type PeerSource } from './peer-board.ts';
import { slotOf } from './peer-comparison.ts';
import { HORIZONS } from './residual-shape.ts';
import { ScoringCore } from './scoring-core.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';

/** Half the width of a band that holds 99 % of a normal variable, in standard deviations. */
const BAND = 2.5758;
/** An open event is updated when its score has risen by this much, or another channel clearly leads. */
const MATERIAL_RISE = 0.1;
const CLEAR_LEAD = 1.25;

/** Report state: score last reported, index of the leading channel; after the state of `ScoringCore`. */
const REPORT_SIZE = 2;

type ReadingValues = Readonly<Record<string, number | null>>;

interface Sensor {
  /** Milliseconds since 1970; NaN before the first reading. */
  lastObservedAt: number;
  readonly state: Float32Array;
}

export class AnomalyScorer {
  readonly channels: readonly string[];
  readonly context: readonly string[];
  /** Up to when training has read each sensor; scoring goes on from there. */
  readonly trainedUntil: ReadonlyMap<string, Date>;
  private readonly model: FittedModel;
  private readonly core: ScoringCore;
  private readonly trained: Map<string, TrainedSensor>;
  private readonly sensors = new Map<string, Sensor>();
  private readonly peers: PeerSource;
  private readonly values: Float64Array;
  private readonly surroundings: Float64Array;

  /**
   * @param peersOf makes what sensors are compared with, given how many numbers a standing has; by default all that this
   * scorer has read itself, by the sites that training was told of
   */
  constructor(artifact: ModelArtifact, peersOf?: (size: number) => PeerSource) {
    const { model, sensors } = fromArtifact(artifact);
    this.model = model;
    this.core = new ScoringCore(model);
    this.channels = model.stem.channels;
    this.context = model.stem.context;
    this.trained = new Map(sensors.map((sensor) => [sensor.sensorId, sensor]));
    this.trainedUntil = new Map(
      sensors.map(({ sensorId, lastObservedAt }) => [sensorId, new Date(lastObservedAt)]),
    );
    const size = model.stem.shared.length;
    this.peers = peersOf?.(size) ?? new PeerBoard(size, (sensorId) => this.siteOf(sensorId));
    this.values = new Float64Array(this.channels.length);
    this.surroundings = new Float64Array(this.context.length);
  }

  /** @param values channels and context columns by name; null or absent for missing */
  score(sensorId: string, observedAt: Date, values: ReadingValues): ScoredReading {
    const { sensor, wasOpen, open } = this.read(sensorId, observedAt, values);
    const core = sensor.state.subarray(0, this.core.stateSize);
    const warmingUp = this.core.warmingUp(core);
    const score = warmingUp ? 0 : applyPlatt(this.model.calibration, this.core.persistentLogit(core));
    const channels = this.describeChannels(warmingUp);
    return {
      score,
      anomalous: open,
      transition: this.transition(sensor, wasOpen, open, score, channels),
      warmingUp,
      channels,
      kind: warmingUp ? null : this.likelyKind(),
    };
  }

  /** Takes in a reading without saying anything of it. */
  follow(sensorId: string, observedAt: Date, values: ReadingValues): void {
    this.read(sensorId, observedAt, values);
  }

  /** Whether training found that sensors share anything. */
  get comparesPeers(): boolean {
    return this.model.stem.shared.some((share) => share > 0);
  }

  /** As training was told; '' for a sensor that it did not know. */
  siteOf(sensorId: string): string {
    return this.trained.get(sensorId)?.site ?? '';
  }

  /** Slot of time in which a reading is compared with its sensor's peers. */
  slotOf(observedAt: Date): number {
    return slotOf(observedAt.getTime(), this.model.stem.timescales);
  }

  /** Whether a sensor's scoring goes on from training, should its first reading come at this time. */
  continues(sensorId: string, firstReading: Date): boolean {
    const trained = this.trained.get(sensorId);
    return trained !== undefined && firstReading.getTime() > trained.lastObservedAt;
  }

  /** Where a sensor stands after its last reading: importing it anywhere continues exactly as this scorer would. */
  exportState(sensorId: string): Uint8Array {
    const { state } = this.sensors.get(sensorId) ?? this.start(sensorId, Infinity);
    return new Uint8Array(state.buffer, state.byteOffset, state.byteLength);
  }

  /** @param lastObservedAt of the reading after which `bytes` were exported */
  importState(sensorId: string, lastObservedAt: Date, bytes: Uint8Array): void {
    const size = this.core.stateSize + REPORT_SIZE;
    if (bytes.byteLength !== size * Float32Array.BYTES_PER_ELEMENT) {
      throw new BadInput(
        'scorer-state',
        `The stored state of sensor ${sensorId} does not belong to this model; it must come from exportState of the same model version.`,
      );
    }
    // A copy: what the database hands out may not be aligned.
    const state = new Float32Array(Uint8Array.from(bytes).buffer);
    this.sensors.set(sensorId, { lastObservedAt: lastObservedAt.getTime(), state });
  }

  private read(sensorId: string, observedAt: Date, values: ReadingValues) {
    const time = observedAt.getTime();
    const sensor = this.sensors.get(sensorId) ?? this.start(sensorId, time);
    this.requireLater(sensorId, sensor, time);
    for (const [i, name] of this.channels.entries()) this.values[i] = values[name] ?? NaN;
    for (const [i, name] of this.context.entries()) this.surroundings[i] = values[name] ?? NaN;
    const elapsed = Number.isNaN(sensor.lastObservedAt)
      ? this.model.stem.timescales.intervalHours
      : (time - sensor.lastObservedAt) / MILLISECONDS_PER_HOUR;
    const core = sensor.state.subarray(0, this.core.stateSize);
    const wasOpen = this.core.isOpen(core);
    this.core.enterSlot(core, time, (slot, standing) => this.peers.enter(sensorId, slot, standing));
    const open = this.core.read(core, elapsed, this.values, this.surroundings);
    sensor.lastObservedAt = time;
    return { sensor, wasOpen, open };
  }

  /**
   * A sensor that training knows continues where training stopped, if its first reading comes later than
   * that; any other starts afresh and warms up.
   */
  private start(sensorId: string, firstReading: number): Sensor {
    const trained = this.trained.get(sensorId);
    const state = new Float32Array(this.core.stateSize + REPORT_SIZE);
    const continues = trained !== undefined && firstReading > trained.lastObservedAt;
    if (continues) state.set(trained.state);
    else this.core.initialise(state.subarray(0, this.core.stateSize));
    const sensor = { lastObservedAt: continues ? trained.lastObservedAt : NaN, state };
    this.sensors.set(sensorId, sensor);
    return sensor;
  }

  private requireLater(sensorId: string, sensor: Sensor, time: number): void {
    if (Number.isNaN(time))
      throw new BadInput('observed-at', `A reading of sensor ${sensorId} has no valid time.`);
    if (!(time <= sensor.lastObservedAt)) return;
    throw new BadInput(
      'reading-order',
      `Sensor ${sensorId} was read at ${new Date(sensor.lastObservedAt).toISOString()}; a reading of ${new Date(time).toISOString()} comes too late to be scored.`,
    );
  }

  private describeChannels(warmingUp: boolean): ChannelDeviation[] {
    const { stem } = this.core;
    const described: ChannelDeviation[] = [];
    for (const [i, channel] of this.channels.entries()) {
      const expected = stem.expected[i]!;
      // A channel that this sensor has never reported has no expectation.
      if (Number.isNaN(expected)) continue;
      const scale = this.model.stem.channelScales[i]!;
      const half = BAND * stem.deviation[i]!;
      described.push({
        channel,
        observed: Number.isNaN(this.values[i]!) ? null : this.values[i]!,
        expected: fromModelScale(scale, expected),
        lower: fromModelScale(scale, expected - half),
        upper: fromModelScale(scale, expected + half),
        deviation: warmingUp ? 0 : this.persistentDeviation(i),
      });
    }
    return described.sort((left, right) => Math.abs(right.deviation) - Math.abs(left.deviation));
  }

  /** The furthest of the moving means, but the shortest: one burst is not persistence. */
  private persistentDeviation(channel: number): number {
    const features = this.core.stem.shape.size;
    let furthest = 0;
    for (let horizon = 1; horizon < HORIZONS; horizon++) {
      const value = this.core.embedding[channel * features + horizon]!;
      if (Math.abs(value) > Math.abs(furthest)) furthest = value;
    }
    return furthest;
  }

  private likelyKind(): string | null {
    let best: string | null = null;
    let highest = -Infinity;
    for (const [i, kind] of this.model.kinds.entries()) {
      if (this.core.logits[i + 1]! <= highest) continue;
      highest = this.core.logits[i + 1]!;
      best = kind;
    }
    return best;
  }

  private transition(
    sensor: Sensor,
    wasOpen: boolean,
    open: boolean,
    score: number,
    channels: readonly ChannelDeviation[],
  ): ScoredReading['transition'] {
    if (!open) return wasOpen ? 'closed' : null;
    const report = sensor.state.subarray(this.core.stateSize);
    const [first, second] = channels;
    const leading = this.channels.indexOf(first?.channel ?? '');
    const clear = Math.abs(first?.deviation ?? 0) >= CLEAR_LEAD * Math.abs(second?.deviation ?? 0);
    const changed = score >= report[0]! + MATERIAL_RISE || (clear && leading !== report[1]);
    if (wasOpen && !changed) return null;
    report[0] = wasOpen ? Math.max(score, report[0]!) : score;
    report[1] = leading;
    return wasOpen ? 'updated' : 'opened';
  }
}
