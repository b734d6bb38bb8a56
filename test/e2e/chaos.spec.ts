/** A short round of `npm run test:chaos`: real processes, three faults in an order drawn by a seed, all values compared. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRandom } from '../../src/core/statistics/random.ts';
import { compareWithStored, waitUntilStored } from '../chaos/compare.ts';
import { FAULTS } from '../chaos/faults.ts';
import { Feed } from '../chaos/feed.ts';
import { Stand } from '../chaos/stand.ts';
import { testBrokers } from '../support/test-brokers.ts';

const SEED = 1;
const CHOSEN: readonly string[] = ['ingest killed', 'database stopped at once', 'broker network reset'];
/** Fed before each fault and after the last. */
const MESSAGES = 500;
const QUIET_MS = 60_000;

const broker = testBrokers.findLast(({ isThere }) => isThere)!;
let folder = '';
let stand: Stand;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-chaos-'));
  stand = await Stand.start({
    folder,
    databaseFolder: path.join(folder, 'postgres'),
    startBroker: broker.start,
  });
});
afterEach(async () => {
  await stand?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(`loses, doubles and alters nothing through kills, stops and resets, with poison mixed in (${broker.name})`, async () => {
  const random = createRandom(SEED);
  const faults = FAULTS.filter(({ name }) => CHOSEN.includes(name))
    .map((fault) => ({ fault, rank: random.uniform() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ fault }) => fault);
  const feed = new Feed(stand.broker.url);
  for (const { run } of faults) {
    // What is sent during a fault is what it may hurt.
    const sending = feed.send(MESSAGES);
    await Promise.all([sending, run(stand, random)]);
  }
  await feed.send(MESSAGES);
  const client = await stand.postgres.connect();
  await waitUntilStored(client, feed, QUIET_MS);
  const messages = (CHOSEN.length + 1) * MESSAGES;
  expect(await compareWithStored(client, feed)).toEqual({
    sent: messages,
    acknowledged: messages,
    // One in 25 is poison.
    stored: messages * (24 / 25),
    lost: 0,
    doubled: 0,
    altered: 0,
    wronglyRejected: 0,
  });
  await client.end();
  // Ingest was killed with messages in its hands; aedes sends them again without saying so.
  expect(stand.delivered).toBeGreaterThan(messages);
  if (broker.name === 'mosquitto') expect(stand.redelivered).toBeGreaterThan(0);
  expect(stand.ingest.lines.filter((line) => line.includes('"stack"'))).toEqual([]);
}, 90_000);
