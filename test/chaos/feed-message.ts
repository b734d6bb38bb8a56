/** The messages that are fed in, each known by its number alone, so that what is stored can be checked against it. */

export interface FeedMessage {
  readonly topic: string;
  readonly payload: string;
  readonly isPoison: boolean;
}

const SENSORS = 20;
/** One message in so many can never be stored. */
const POISON = 25;
const BEGIN = Date.UTC(2026, 0, 1);
const STEP_MS = 1_000;

export function feedMessage(index: number): FeedMessage {
  const isPoison = isPoisonAt(index);
  return {
    topic: `spanwatch/v1/north/T-1/${sensorAt(index)}/impedance`,
    payload: isPoison
      ? `not JSON ${index}`
      : JSON.stringify({ observedAt: observedAt(index).toISOString(), loadAmpere: loadAmpereAt(index) }),
    isPoison,
  };
}

export function isPoisonAt(index: number): boolean {
  return index % POISON === POISON - 1;
}

export function observedAt(index: number): Date {
  return new Date(BEGIN + index * STEP_MS);
}

/** The number of the message that has this instant. */
export function indexOf(instant: Date): number {
  return (instant.getTime() - BEGIN) / STEP_MS;
}

export function sensorAt(index: number): string {
  return `chaos-${index % SENSORS}`;
}

export function loadAmpereAt(index: number): number {
  return index % 9_000;
}
