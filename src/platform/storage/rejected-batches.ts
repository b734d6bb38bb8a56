/** Where a flood of rejected messages waits until there is time for it. */
import type { Database, Queryable } from './database.ts';
import { packMessages, unpackMessages, type PackedMessage } from './pack-messages.ts';

export async function putMessagesBy(database: Queryable, messages: readonly PackedMessage[]): Promise<void> {
  await database.query('INSERT INTO rejected_batch (messages) VALUES ($1)', [packMessages(messages)]);
}

/**
 * Takes the oldest batch that nobody else is at; it is gone when `work` has returned, and stays when it throws.
 *
 * @param work may be given the same messages again: what died between its end and ours is done twice
 * @returns false when there was none
 */
export async function takePutBy(
  database: Pick<Database, 'transaction'>,
  work: (messages: readonly PackedMessage[]) => Promise<unknown>,
): Promise<boolean> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ rejected_batch_id: string; messages: Buffer }>(
      `SELECT rejected_batch_id, messages FROM rejected_batch
        ORDER BY rejected_batch_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const [batch] = rows;
    if (!batch) return false;
    await work(unpackMessages(batch.messages));
    await client.query('DELETE FROM rejected_batch WHERE rejected_batch_id = $1', [batch.rejected_batch_id]);
    return true;
  });
}
