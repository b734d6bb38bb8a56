/** Holds what is stored against what the broker acknowledged, value by value. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { indexOf, isPoisonAt, loadAmpereAt, observedAt, sensorAt } from './feed-message.ts';
import type { Feed } from './feed.ts';

export interface Comparison {
  readonly sent: number;
  readonly acknowledged: number;
  /** Readings. */
  readonly stored: number;
  /** Acknowledged, and neither stored nor, where it is poison, kept as rejected. */
  readonly lost: number;
  /** Kept as a second row, as a conflict with itself, or as a second rejected message. */
  readonly doubled: number;
  /** Stored with another value or sensor than was sent, or never sent. */
  readonly altered: number;
  /** Good messages among the rejected ones: an outage is no reason to reject. */
  readonly wronglyRejected: number;
}

const LOOK_MS = 500;
const PAGE = 100_000;

/**
 * Waits until as much is stored as was acknowledged, and no more comes.
 *
 * @param quietMs when nothing more has come for so long, nothing will: longer than any pause between attempts
 */
export async function waitUntilStored(client: pg.Client, feed: Feed, quietMs: number): Promise<void> {
  let [last, quietSince] = [-1, performance.now()];
  for (;;) {
    const { rows } = await client.query<{ count: number }>(
      'SELECT (SELECT count(*) FROM impedance_reading)::int + (SELECT count(*) FROM rejected_message)::int AS count',
    );
    const { count } = rows[0]!;
    if (count === last && count >= feed.acknowledged.size) return;
    if (count !== last) quietSince = performance.now();
    if (performance.now() - quietSince > quietMs) return;
    last = count;
    await sleep(LOOK_MS);
  }
}

export async function compareWithStored(client: pg.Client, feed: Feed): Promise<Comparison> {
  const { seen, stored, doubled, altered } = await readStored(client, feed.sent);
  const rejected = await readRejected(client);
  const lost = [...feed.acknowledged].filter((index) =>
    isPoisonAt(index) ? !rejected.poison.has(index) : seen[index] !== 1,
  );
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM reading_conflict',
  );
  return {
    sent: feed.sent,
    acknowledged: feed.acknowledged.size,
    stored,
    lost: lost.length,
    doubled: doubled + rejected.doubled + rows[0]!.count,
    altered,
    wronglyRejected: rejected.wrongly,
  };
}

/** In pages by time: a million rows are too many to hold. */
async function readStored(client: pg.Client, sent: number) {
  const seen = new Uint8Array(sent);
  let [stored, doubled, altered] = [0, 0, 0];
  const { rows: all } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM impedance_reading',
  );
  for (let from = 0; from < sent; from += PAGE) {
    const { rows } = await client.query<{ sensor_id: string; observed_at: Date; load_ampere: number }>(
      `SELECT sensor_id, observed_at, load_ampere FROM impedance_reading
        WHERE observed_at >= $1 AND observed_at < $2`,
      [observedAt(from), observedAt(Math.min(sent, from + PAGE))],
    );
    stored += rows.length;
    for (const { sensor_id, observed_at, load_ampere } of rows) {
      const index = indexOf(observed_at);
      const isRight =
        Number.isInteger(index) &&
        !isPoisonAt(index) &&
        sensor_id === sensorAt(index) &&
        load_ampere === loadAmpereAt(index);
      if (!isRight) altered++;
      else if (seen[index] === 1) doubled++;
      else seen[index] = 1;
    }
  }
  // Rows of a time that nobody sent.
  altered += all[0]!.count - stored;
  return { seen, stored: all[0]!.count, doubled, altered };
}

async function readRejected(client: pg.Client) {
  const { rows } = await client.query<{ payload: Buffer }>('SELECT payload FROM rejected_message');
  const poison = new Set<number>();
  let [doubled, wrongly] = [0, 0];
  for (const { payload } of rows) {
    const [, digits] = /^not JSON (\d+)$/.exec(payload.toString()) ?? [];
    if (digits === undefined) wrongly++;
    else if (poison.has(Number(digits))) doubled++;
    else poison.add(Number(digits));
  }
  return { poison, doubled, wrongly };
}
