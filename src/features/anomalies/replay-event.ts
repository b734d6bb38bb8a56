/** Runs an event's model again over the stored readings that led to it: does it decide the same? */
import { AnomalyScorer } from '../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import type { EventRow } from '../../platform/storage/anomaly-event-repository.ts';
import type { ScoredReadingRow } from '../../platform/storage/scored-reading-repository.ts';
import type { PeerStandingRow } from '../../platform/storage/peer-standing-repository.ts';
import { namedValues } from './named-values.ts';
import { RecordedPeers } from './stored-peers.ts';

export interface EventReplay {
  readonly readings: number;
  /** Whether the event opens at the same reading again. */
  readonly opensAgain: boolean;
  /** Readings of which the score or the alarm is another one now: a reading or its weather was changed since. */
  readonly differences: number;
  /** Between the score that was stored and the one of the replay. */
  readonly largestDifference: number;
}

/** What is still stored of what led to the event. */
export interface StoredCourse {
  /** Readings and scores of before this are not kept any more; null where all are. */
  readonly clearedBefore: Date | null;
  readonly batches: AsyncIterable<readonly ScoredReadingRow[]>;
  /** What the sensor's readings were compared with then. */
  readonly standings: readonly PeerStandingRow[];
}

/** @returns a sentence's end where too little is stored to decide again: why */
export async function replayEvent(
  event: EventRow,
  artifact: ModelArtifact,
  { clearedBefore, batches, standings }: StoredCourse,
): Promise<EventReplay | string> {
  const scorer = new AnomalyScorer(artifact, () => new RecordedPeers(standings));
  // A sensor that training did not know may have been scored from its first reading on, after the model was made.
  const begun = scorer.trainedUntil.get(event.sensor_id) ?? new Date(artifact.manifest.createdAt);
  if (clearedBefore && clearedBefore > begun) {
    return `it rests on readings from ${begun.toISOString()} on, and those of before ${clearedBefore.toISOString()} are not kept any more`;
  }
  let [readings, differences, largestDifference, opensAgain] = [0, 0, 0, false];
  for await (const rows of batches) {
    for (const row of rows) {
      const scored = scorer.score(event.sensor_id, row.observed_at, namedValues(row, scorer));
      readings++;
      const difference = Math.abs(scored.score - row.score);
      if (difference > 0 || scored.anomalous !== row.anomalous) differences++;
      largestDifference = Math.max(largestDifference, difference);
      if (row.observed_at.getTime() === event.opened_at.getTime()) {
        opensAgain = scored.transition === 'opened';
      }
    }
  }
  return { readings, opensAgain, differences, largestDifference };
}
