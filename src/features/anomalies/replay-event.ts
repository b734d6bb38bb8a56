/** Runs an event's model again over the stored readings that led to it: does it decide the same? */
import { AnomalyScorer } from '../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import type { EventRow } from '../../platform/storage/anomaly-repository.ts';
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

/** @param standings what the sensor's readings were compared with then */
export async function replayEvent(
  event: EventRow,
  artifact: ModelArtifact,
  batches: AsyncIterable<readonly ScoredReadingRow[]>,
  standings: readonly PeerStandingRow[],
): Promise<EventReplay> {
  const scorer = new AnomalyScorer(artifact, () => new RecordedPeers(standings));
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
