/** A backlog that waits at the broker while ingest is down, and how ingest works it off. */
import type { Feed } from './feed.ts';
import type { Stand } from './stand.ts';
import { waitUntilStored } from './compare.ts';

export interface BacklogReport {
  readonly messages: number;
  readonly queuedSeconds: number;
  /** From the start of ingest, which includes its coming up. */
  readonly storedSeconds: number;
  readonly peakMegabytes: number | null;
  /** Ten looks at ingest's memory, evenly over that time. */
  readonly megabytesOverTime: readonly number[];
}

export async function workOffBacklog(
  stand: Stand,
  feed: Feed,
  messages: number,
  quietMs: number,
): Promise<BacklogReport> {
  await stand.ingest.stop();
  const queuedFrom = performance.now();
  await feed.send(messages);
  const startedAt = performance.now();
  const client = await stand.postgres.connect();
  stand.ingest.start();
  const memory = stand.probeMemory();
  await waitUntilStored(client, feed, quietMs);
  const endedAt = performance.now();
  memory.stop();
  await client.end();
  return {
    messages,
    queuedSeconds: toSeconds(startedAt - queuedFrom),
    storedSeconds: toSeconds(endedAt - startedAt),
    peakMegabytes: memory.peakMegabytes(),
    megabytesOverTime: memory.overTime(10),
  };
}

function toSeconds(milliseconds: number): number {
  return Number((milliseconds / 1_000).toFixed(1));
}
