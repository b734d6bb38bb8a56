/** Gathers scored readings as they stream by, sensor by sensor, into typed arrays. */
import type { SensorScores } from './sensor-scores.ts';

const FIRST_CAPACITY = 1024;

class OneSensor {
  private length = 0;
  private observedAt = new Float64Array(FIRST_CAPACITY);
  private score = new Float32Array(FIRST_CAPACITY);
  private anomalous = new Uint8Array(FIRST_CAPACITY);
  private readonly context: Float32Array[];
  private readonly openings: number[] = [];
  private openEvent: string | null = null;
  private warmingUp = true;

  constructor(contextColumns: number) {
    this.context = Array.from({ length: contextColumns }, () => new Float32Array(FIRST_CAPACITY));
  }

  add(observedAt: number, score: number, eventId: string | null, context: ArrayLike<number>): void {
    if (this.length === this.observedAt.length) this.grow();
    const at = this.length++;
    // A score of exactly 0 at the beginning is no judgement: the model was still getting to know the sensor.
    if (score > 0) this.warmingUp = false;
    this.observedAt[at] = observedAt;
    this.score[at] = this.warmingUp ? NaN : score;
    this.anomalous[at] = eventId === null ? 0 : 1;
    if (eventId !== null && eventId !== this.openEvent) this.openings.push(at);
    this.openEvent = eventId;
    for (let i = 0; i < this.context.length; i++) this.context[i]![at] = context[i] ?? NaN;
  }

  finish(sensorId: string): SensorScores {
    return {
      sensorId,
      observedAt: this.observedAt.slice(0, this.length),
      score: this.score.slice(0, this.length),
      anomalous: this.anomalous.slice(0, this.length),
      openings: Uint32Array.from(this.openings),
      context: this.context.map((column) => column.slice(0, this.length)),
    };
  }

  private grow(): void {
    const capacity = 2 * this.length;
    const widen = <Column extends Float64Array | Float32Array | Uint8Array>(
      column: Column,
      wider: Column,
    ) => {
      wider.set(column);
      return wider;
    };
    this.observedAt = widen(this.observedAt, new Float64Array(capacity));
    this.score = widen(this.score, new Float32Array(capacity));
    this.anomalous = widen(this.anomalous, new Uint8Array(capacity));
    for (let i = 0; i < this.context.length; i++) {
      this.context[i] = widen(this.context[i]!, new Float32Array(capacity));
    }
  }
}

export class ScoresBuilder {
  private readonly sensors = new Map<string, OneSensor>();

  constructor(private readonly contextColumns: number) {}

  /** @param eventId of the open event, null where there is none */
  add(
    sensorId: string,
    observedAt: number,
    score: number,
    eventId: string | null,
    context: ArrayLike<number> = [],
  ): void {
    let sensor = this.sensors.get(sensorId);
    if (sensor === undefined) {
      sensor = new OneSensor(this.contextColumns);
      this.sensors.set(sensorId, sensor);
    }
    sensor.add(observedAt, score, eventId, context);
  }

  /** In the order of their ids; what was gathered is let go on the way, so that memory holds it once. */
  finish(): SensorScores[] {
    const finished: SensorScores[] = [];
    for (const sensorId of [...this.sensors.keys()].sort()) {
      finished.push(this.sensors.get(sensorId)!.finish(sensorId));
      this.sensors.delete(sensorId);
    }
    return finished;
  }
}
