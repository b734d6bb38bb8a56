/** Keeps what can never be stored as a reading, with its bytes and the reason. */
import type { Queryable } from './database.ts';

export interface RejectedMessage {
  readonly receivedAt: Date;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly reason: string;
}

export async function storeRejectedMessages(
  database: Queryable,
  messages: readonly RejectedMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await database.query(
    `INSERT INTO rejected_message (received_at, topic, payload, reason)
     SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::bytea[], $4::text[])`,
    [
      messages.map(({ receivedAt }) => receivedAt.toISOString()),
      messages.map(({ topic }) => withoutNul(topic)),
      messages.map(({ payload }) => Buffer.from(payload)),
      messages.map(({ reason }) => withoutNul(reason)),
    ],
  );
}

/** PostgreSQL's text can't hold U+0000. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
