/** The faults, each over when it returns; what it leads to may last longer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Random } from '../../src/core/statistics/random.ts';
import type { NetworkLink } from '../support/network-link.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import type { Stand } from './stand.ts';

export interface Fault {
  readonly name: string;
  readonly run: (stand: Stand, random: Random) => Promise<void>;
}

/** A connection that another fault has killed in silence brings ingest nothing. */
const IN_HAND_LIMIT_MS = 5_000;
/** More than the embedded database has. */
const ALL_CONNECTIONS = 70;
const OUR_CONNECTIONS =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'spanwatch%'";

export const FAULTS: readonly Fault[] = [
  { name: 'ingest killed', run: killIngest },
  { name: 'broker restarted', run: (stand, random) => stand.restartBroker(2_000 * random.uniform()) },
  { name: 'database stopped at once', run: stopDatabase },
  { name: 'database frozen', run: freezeDatabase },
  { name: 'connections cut', run: cutConnections },
  { name: 'connections used up', run: useUpConnections },
  { name: 'broker network reset', run: ({ brokerLink }, random) => resetOften(brokerLink, random) },
  { name: 'database network reset', run: ({ databaseLink }, random) => resetOften(databaseLink, random) },
  { name: 'broker network held up', run: ({ brokerLink }, random) => holdUp(brokerLink, random) },
  { name: 'database network held up', run: ({ databaseLink }, random) => holdUp(databaseLink, random) },
  { name: 'broker connection dead in silence', run: ({ brokerLink }) => abandon(brokerLink) },
  { name: 'database connections dead in silence', run: ({ databaseLink }) => abandon(databaseLink) },
];

/** All of the database lies on it, its log of changes (WAL) too. */
export function diskFull(disk: SmallDisk): Fault {
  return {
    name: 'disk full',
    run: async ({ postgres }, random) => {
      const refusals = async () => (await postgres.log()).split('No space left on device').length;
      const before = await refusals();
      await disk.fill();
      // Silent connections may keep ingest from noticing for a while.
      const limit = performance.now() + 40_000;
      while ((await refusals()) === before && performance.now() < limit) await sleep(100);
      await sleep(1_000 + 3_000 * random.uniform());
      disk.free();
      // Without room for its log it ends itself, and somebody has to start it.
      await sleep(500);
      await postgres.startAgain();
    },
  };
}

/** With messages in its hands, so that the broker has to send some again. */
async function killIngest(stand: Stand): Promise<void> {
  const { ingest, databaseLink, delivered } = stand;
  databaseLink.hold();
  const limit = performance.now() + IN_HAND_LIMIT_MS;
  while (stand.delivered === delivered && performance.now() < limit) await sleep(20);
  await ingest.kill();
  databaseLink.release();
}

async function stopDatabase({ postgres }: Stand, random: Random): Promise<void> {
  await postgres.stopAtOnce();
  await sleep(3_000 * random.uniform());
  await postgres.startAgain();
}

async function freezeDatabase({ postgres }: Stand): Promise<void> {
  const goOn = await postgres.freeze();
  await sleep(3_000);
  goOn();
}

async function cutConnections({ postgres }: Stand): Promise<void> {
  const client = await postgres.connect();
  await client.query(OUR_CONNECTIONS);
  await client.end();
}

/** Ingest's own are cut too: when it comes back there is none to be had. */
async function useUpConnections({ postgres }: Stand): Promise<void> {
  const tried = await Promise.allSettled(Array.from({ length: ALL_CONNECTIONS }, () => postgres.connect()));
  const clients = tried.flatMap((each): pg.Client[] => (each.status === 'fulfilled' ? [each.value] : []));
  await clients[0]?.query(OUR_CONNECTIONS).catch(() => {});
  await sleep(3_000);
  for (const client of clients) await client.end().catch(() => {});
}

async function resetOften(link: NetworkLink, random: Random): Promise<void> {
  for (let left = 1 + Math.floor(3 * random.uniform()); left > 0; left--) {
    link.reset();
    await sleep(1_500 * random.uniform());
  }
}

/** At its end what was held up comes through, or is reset by a network that has forgotten its connections. */
async function holdUp(link: NetworkLink, random: Random): Promise<void> {
  link.hold();
  await sleep(2_000 + 4_000 * random.uniform());
  if (random.uniform() < 0.5) link.reset();
  link.release();
}

async function abandon(link: NetworkLink): Promise<void> {
  link.abandon();
  return Promise.resolve();
}
