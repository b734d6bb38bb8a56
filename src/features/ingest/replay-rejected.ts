/** Reads rejected messages again, as if they had just come, and stores what can be stored now. */
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import { isUnderSparkplug } from '../../core/sparkplug/sparkplug-topic.ts';
import type { Database } from '../../platform/storage/database.ts';
import { rehearse } from '../../platform/storage/rehearse.ts';
import {
  RejectedMessageRepository,
  type RejectedFilter,
  type RejectedRow,
} from '../../platform/storage/rejected-message-repository.ts';
import { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { BatchWriter, type BatchOutcome, type UnknownSensors } from './batch-writer.ts';
import { describeRejections, readMessage, type ReadMessage, type SentMessage } from './read-message.ts';
import { sortInRejected } from './sort-in-rejected.ts';

export interface ReplayRequest {
  readonly filter: Omit<RejectedFilter, 'state'>;
  readonly unknownSensors: UnknownSensors;
  /** At most so many messages, the oldest first. */
  readonly limit: number;
  /** Finds out what would be stored and changes nothing. */
  readonly dryRun: boolean;
}

export interface ReplayReport {
  readonly messages: number;
  /** Messages of which nothing is refused any more; they are marked. */
  readonly replayed: number;
  readonly readingsStored: number;
  readonly readingsThereAlready: number;
  /** Refused again: they go on waiting. */
  readonly refused: number;
  readonly refusedByReason: Readonly<Record<string, number>>;
  readonly dryRun: boolean;
}

const BATCH_MESSAGES = 500;

/**
 * Each message is judged by the time at which it first came: a clock that was wrong then is wrong still. Run again
 * after a failure it goes on where it was, since readings that are there stay as they are.
 */
export async function replayRejected(
  database: Database,
  { filter, unknownSensors, limit, dryRun }: ReplayRequest,
  onProgress: ProgressListener = ignoreProgress,
): Promise<ReplayReport> {
  await sortInRejected(database, unknownSensors);
  const repository = new RejectedMessageRepository(database);
  const waiting = { ...filter, state: 'waiting' } as const;
  const until = await repository.newestId();
  const counts = await repository.countByReason(waiting);
  const there = counts.reduce((sum, { messages }) => sum + messages, 0);
  const total = Math.min(limit, there);
  const write = dryRun ? rehearseWith(database, unknownSensors) : writeWith(database, unknownSensors);
  const tally = { messages: 0, replayed: 0, readingsStored: 0, readingsThereAlready: 0, refused: 0 };
  const refusedByReason: Record<string, number> = {};
  for (let after = '0'; tally.messages < limit;) {
    const size = Math.min(BATCH_MESSAGES, limit - tally.messages);
    const rows = await repository.nextWaiting(waiting, after, until, size);
    if (rows.length === 0) break;
    after = rows.at(-1)!.rejected_message_id;
    const { outcome, replayedIds, refused } = await replayBatch(rows, write);
    if (!dryRun) {
      await repository.markReplayed(replayedIds);
      await repository.renewReasons(refused);
    }
    tally.messages += rows.length;
    tally.replayed += replayedIds.length;
    tally.readingsStored += outcome.stored;
    tally.readingsThereAlready += outcome.duplicates;
    tally.refused += refused.length;
    for (const { reasonCode } of refused) {
      refusedByReason[reasonCode] = (refusedByReason[reasonCode] ?? 0) + 1;
    }
    onProgress({
      stage: 'replaying messages',
      done: tally.messages,
      total,
      note: `${tally.replayed} stored`,
    });
  }
  return { ...tally, refusedByReason, dryRun };
}

type Write = (messages: readonly ReadMessage[]) => Promise<BatchOutcome>;

function writeWith(database: Database, unknownSensors: UnknownSensors): Write {
  const writer = new BatchWriter(database, new SensorRepository(database), unknownSensors);
  return (messages) => writer.write(messages);
}

function rehearseWith(database: Database, unknownSensors: UnknownSensors): Write {
  return (messages) =>
    rehearse(database, (rehearsal) =>
      new BatchWriter(rehearsal, new SensorRepository(rehearsal), unknownSensors).write(messages),
    );
}

interface RefusedRow {
  readonly id: string;
  readonly reasonCode: string;
  readonly reason: string;
}

/** The writer keeps what it refuses once: these rows wait already, so it adds none. */
async function replayBatch(rows: readonly RejectedRow[], write: Write) {
  const whole = rows.filter((row) => !staysRefused(row));
  const idOf = new Map<SentMessage, string>(
    whole.map(({ rejected_message_id, topic, payload, received_at }) => [
      { topic, payload, receivedAt: received_at },
      rejected_message_id,
    ]),
  );
  const outcome = await write([...idOf.keys()].map(readMessage));
  const refusedAgain = outcome.refused.map(({ message, rejections }): RefusedRow => ({
    id: idOf.get(message)!,
    reasonCode: rejections[0]!.code,
    reason: describeRejections(rejections),
  }));
  const refusedIds = new Set(refusedAgain.map(({ id }) => id));
  const stayRefused = rows
    .filter(staysRefused)
    .map(({ rejected_message_id: id, reason_code: reasonCode, reason }) => ({ id, reasonCode, reason }));
  return {
    outcome,
    replayedIds: [...idOf.values()].filter((id) => !refusedIds.has(id)),
    refused: [...refusedAgain, ...stayRefused],
  };
}

/** Of what was too large only the beginning was kept; what Sparkplug data mean ends with the session they came in. */
function staysRefused({ reason_code, topic }: RejectedRow): boolean {
  return reason_code === 'payload-too-large' || isUnderSparkplug(topic);
}
