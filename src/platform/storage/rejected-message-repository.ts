/** Keeps what can never be stored as a reading, with its bytes and the reason, and hands it out again. */
import type { Database, Queryable } from './database.ts';

export interface RejectedMessage {
  readonly receivedAt: Date;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly reasonCode: string;
  readonly reason: string;
}

/** Null lets all through. */
export interface RejectedFilter {
  readonly reasonCode: string | null;
  readonly since: Date | null;
  readonly topicPrefix: string | null;
  readonly state: 'waiting' | 'replayed' | null;
}

export interface RejectedRow {
  readonly rejected_message_id: string;
  readonly received_at: Date;
  readonly topic: string;
  readonly reason_code: string;
  readonly reason: string;
  readonly replayed_at: Date | null;
  readonly payload_bytes: number;
  /** The whole of it, or its beginning in a list. */
  readonly payload: Buffer;
}

export interface ReasonCount {
  readonly reason_code: string;
  readonly messages: number;
  readonly payload_bytes: number;
  readonly oldest_at: Date;
  readonly newest_at: Date;
}

/** Enough to recognise a message in a list. */
const PREVIEW_BYTES = 256;
/** What is held in memory at once of payloads of up to 1 MiB; some 7,000 readings. */
const REPLAY_BATCH_BYTES = 1 << 20;

const ROW = 'rejected_message_id, received_at, topic, reason_code, reason, replayed_at';
const FILTER = `($1::text IS NULL OR reason_code = $1) AND ($2::timestamptz IS NULL OR received_at >= $2)
  AND ($3::text IS NULL OR starts_with(topic, $3))
  AND ($4::text IS NULL OR (replayed_at IS NULL) = ($4 = 'waiting'))`;

function filterValues({ reasonCode, since, topicPrefix, state }: RejectedFilter): unknown[] {
  return [reasonCode, since, topicPrefix, state];
}

/**
 * One statement. A message that waits already, byte for byte, stays as it is.
 *
 * The payloads go over in one piece: the driver writes an array of them in hexadecimal, several times as long.
 */
export async function storeRejectedMessages(
  database: Queryable,
  messages: readonly RejectedMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  const lengths = messages.map(({ payload }) => payload.length);
  let end = 0;
  const starts = lengths.map((length) => 1 + (end += length) - length);
  await database.query(
    `INSERT INTO rejected_message (received_at, topic, payload, reason_code, reason, content_sha256)
     SELECT received_at, topic, payload, reason_code, reason,
            sha256(convert_to(topic, 'UTF8') || '\\x00'::bytea || payload)
       FROM (SELECT *, substring($1::bytea FROM start FOR length) AS payload
               FROM unnest($2::int[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
                      AS list (start, length, received_at, topic, reason_code, reason)) AS sent
     ON CONFLICT (content_sha256) WHERE replayed_at IS NULL DO NOTHING`,
    [
      Buffer.concat(messages.map(({ payload }) => payload)),
      starts,
      lengths,
      messages.map(({ receivedAt }) => receivedAt.toISOString()),
      messages.map(({ topic }) => withoutNul(topic)),
      messages.map(({ reasonCode }) => reasonCode),
      messages.map(({ reason }) => withoutNul(reason)),
    ],
  );
}

export class RejectedMessageRepository {
  constructor(private readonly database: Database) {}

  /** @param before the identity of the last row of the page before; rows come newest first */
  async list(filter: RejectedFilter, limit: number, before: string | null = null): Promise<RejectedRow[]> {
    const { rows } = await this.database.query<RejectedRow>(
      `SELECT ${ROW}, octet_length(payload) AS payload_bytes, substring(payload FROM 1 FOR ${PREVIEW_BYTES}) AS payload
         FROM rejected_message
        WHERE ${FILTER} AND ($5::bigint IS NULL OR rejected_message_id < $5)
        ORDER BY rejected_message_id DESC LIMIT $6`,
      [...filterValues(filter), before, limit],
    );
    return rows;
  }

  /** @param id a whole number that fits a bigint */
  async find(id: string): Promise<RejectedRow | null> {
    const { rows } = await this.database.query<RejectedRow>(
      `SELECT ${ROW}, octet_length(payload) AS payload_bytes, payload
         FROM rejected_message WHERE rejected_message_id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** The most frequent reason first. */
  async countByReason(filter: RejectedFilter): Promise<ReasonCount[]> {
    const { rows } = await this.database.query<ReasonCount>(
      `SELECT reason_code, count(*)::int AS messages, sum(octet_length(payload))::float8 AS payload_bytes,
              min(received_at) AS oldest_at, max(received_at) AS newest_at
         FROM rejected_message WHERE ${FILTER} GROUP BY reason_code ORDER BY messages DESC, reason_code`,
      filterValues(filter),
    );
    return rows;
  }

  /** The newest there is now: what comes while a replay runs is not part of it. */
  async newestId(): Promise<string> {
    const { rows } = await this.database.query<{ newest: string }>(
      'SELECT coalesce(max(rejected_message_id), 0) AS newest FROM rejected_message',
    );
    return rows[0]!.newest;
  }

  /** In order of arrival, whole, as many as fit into memory and at least one; none when all are through. */
  async nextWaiting(
    filter: RejectedFilter,
    after: string,
    until: string,
    limit: number,
  ): Promise<RejectedRow[]> {
    const { rows } = await this.database.query<RejectedRow>(
      `SELECT ${ROW}, payload_bytes, payload
         FROM (SELECT *, octet_length(payload) AS payload_bytes,
                      sum(octet_length(payload)) OVER (ORDER BY rejected_message_id) AS total_bytes
                 FROM (SELECT * FROM rejected_message
                        WHERE ${FILTER} AND replayed_at IS NULL
                          AND rejected_message_id > $5 AND rejected_message_id <= $6
                        ORDER BY rejected_message_id LIMIT $7) AS waiting) AS counted
        WHERE total_bytes - payload_bytes < ${REPLAY_BATCH_BYTES}
        ORDER BY rejected_message_id`,
      [...filterValues(filter), after, until, limit],
    );
    return rows;
  }

  async markReplayed(ids: readonly string[]): Promise<void> {
    await this.database.query(
      'UPDATE rejected_message SET replayed_at = now() WHERE rejected_message_id = ANY($1::bigint[])',
      [ids],
    );
  }

  /** What was refused again keeps its row; the reason is that of today. */
  async renewReasons(
    refused: readonly { readonly id: string; readonly reasonCode: string; readonly reason: string }[],
  ): Promise<void> {
    await this.database.query(
      `UPDATE rejected_message m SET reason_code = now.reason_code, reason = now.reason
         FROM unnest($1::bigint[], $2::text[], $3::text[]) AS now (id, reason_code, reason)
        WHERE m.rejected_message_id = now.id AND (m.reason_code, m.reason) <> (now.reason_code, now.reason)`,
      [
        refused.map(({ id }) => id),
        refused.map(({ reasonCode }) => reasonCode),
        refused.map(({ reason }) => withoutNul(reason)),
      ],
    );
  }

  async countBefore(filter: RejectedFilter, receivedBefore: Date): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM rejected_message WHERE ${FILTER} AND received_at < $5`,
      [...filterValues(filter), receivedBefore],
    );
    return rows[0]!.count;
  }

  /** @returns how many were deleted: fewer than `limit` when none is left */
  async purge(filter: RejectedFilter, receivedBefore: Date, limit: number): Promise<number> {
    const { rowCount } = await this.database.query(
      `DELETE FROM rejected_message WHERE rejected_message_id IN (
         SELECT rejected_message_id FROM rejected_message
          WHERE ${FILTER} AND received_at < $5 LIMIT $6)`,
      [...filterValues(filter), receivedBefore, limit],
    );
    return rowCount ?? 0;
  }
}

/** PostgreSQL's text can't hold U+0000. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
