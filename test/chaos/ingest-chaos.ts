/**
 * Publishes for a while as faults come down on ingest, broker, database and the networks between them, then compares
 * what the broker acknowledged with what is stored, value by value.
 *
 * Needs mosquitto. Ends with 1 when anything is lost, doubled or altered, or ingest takes more memory than it may.
 *
 * @example npm run test:chaos -- --seconds 120 --seed 1
 * @example npm run test:chaos -- --seconds 0 --backlog 1000000
 */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/core/statistics/random.ts';
import { mountSmallDisk, rerunWithOwnMounts, whyNoSmallDisk } from '../support/small-disk.ts';
import { mosquittoIsThere, startMosquitto } from '../support/test-brokers.ts';
import { workOffBacklog, type BacklogReport } from './backlog.ts';
import { compareWithStored, waitUntilStored } from './compare.ts';
import { diskFull, FAULTS, type Fault } from './faults.ts';
import { Feed } from './feed.ts';
import { Stand } from './stand.ts';

/** Longer than a connection that is dead in silence is waited for: mqtt.js needs one and a half minutes. */
const QUIET_MS = 120_000;
const MOST_MEGABYTES = 300;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    /** Only faults whose name holds this. */
    only: { type: 'string', default: '' },
    /** Messages queued at the broker before ingest starts. */
    backlog: { type: 'string', default: '0' },
    /** Given by the program to itself. */
    'own-mounts': { type: 'boolean', default: false },
  },
});

if (!mosquittoIsThere) {
  process.stderr.write('mosquitto is not installed: without it there is no broker to restart.\n');
  process.exitCode = 2;
} else {
  const noDisk = whyNoSmallDisk();
  const rerun = noDisk === null && !values['own-mounts'];
  process.exitCode = rerun ? rerunWithOwnMounts(['--own-mounts']) : await main(noDisk);
}

async function main(noDisk: string | null): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-chaos-'));
  const disk = noDisk === null ? mountSmallDisk(path.join(folder, 'disk')) : null;
  // The log must not be silent about a full disk, which it would lie on.
  const log = path.join(folder, 'postgres.log');
  if (disk) await symlink(log, path.join(disk.folder, 'postgres.log'));
  await writeFile(log, '');
  const kept = path.join(folder, 'broker');
  await mkdir(kept);
  const keeping = ['allow_anonymous true', 'persistence true', `persistence_location ${kept}/`, 'user root'];
  const stand = await Stand.start({
    folder,
    databaseFolder: path.join(disk?.folder ?? folder, 'postgres'),
    startBroker: (port) => startMosquitto(port, keeping),
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    const feed = new Feed(stand.broker.url);
    const messages = Number(values.backlog);
    const backlog = messages > 0 ? await workOffBacklog(stand, feed, messages, QUIET_MS) : null;
    const counted = await bringDown(disk ? [diskFull(disk), ...FAULTS] : FAULTS, stand, feed);
    const report = await look(stand, feed, counted, backlog, noDisk);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.failures.length > 0 ? 1 : 0;
  } finally {
    await stand.stop();
    disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each fault once, then any. @returns how often each came */
async function bringDown(
  all: readonly Fault[],
  stand: Stand,
  feed: Feed,
): Promise<Readonly<Record<string, number>>> {
  const random = createRandom(values.seed);
  const faults = all.filter(({ name }) => name.includes(values.only));
  const counted: Record<string, number> = {};
  const until = performance.now() + Number(values.seconds) * 1_000;
  if (performance.now() >= until || faults.length === 0) return counted;
  feed.start();
  for (let round = 0; performance.now() < until; round++) {
    await sleep(500 + 3_000 * random.uniform());
    const { name, run } =
      faults[round < faults.length ? round : Math.floor(random.uniform() * faults.length)]!;
    counted[name] = (counted[name] ?? 0) + 1;
    process.stderr.write(`${name}\n`);
    await run(stand, random);
  }
  await feed.stop();
  return counted;
}

async function look(
  stand: Stand,
  feed: Feed,
  faults: Readonly<Record<string, number>>,
  backlog: BacklogReport | null,
  noDisk: string | null,
) {
  const client = await stand.postgres.connect();
  await waitUntilStored(client, feed, QUIET_MS);
  const comparison = await compareWithStored(client, feed);
  await client.end();
  const { lost, doubled, altered, wronglyRejected } = comparison;
  const { redelivered } = stand;
  const peakMegabytes = stand.memory.peakMegabytes();
  const stackTraces = stand.ingest.lines.filter((line) => line.includes('"stack"')).length;
  const diskFullErrors = (await stand.postgres.log()).split('No space left on device').length - 1;
  const failures = [
    ...(lost + doubled + altered + wronglyRejected > 0
      ? ['what is stored is not what was acknowledged']
      : []),
    ...('ingest killed' in faults && redelivered === 0 ? ['the broker has sent nothing again'] : []),
    ...('disk full' in faults && diskFullErrors === 0 ? ['the disk was never full'] : []),
    ...((peakMegabytes ?? 0) > MOST_MEGABYTES ? [`ingest took more than ${MOST_MEGABYTES} MB`] : []),
    ...(stackTraces > 0 ? ['ingest wrote stack traces'] : []),
  ];
  return {
    seconds: Number(values.seconds),
    seed: values.seed,
    faults,
    ...(noDisk === null ? {} : { skipped: { 'disk full': noDisk } }),
    ...comparison,
    redelivered,
    diskFullErrors,
    peakMegabytes,
    megabytesOverTime: stand.memory.overTime(10),
    stackTraces,
    ...(backlog && { backlog }),
    failures,
  };
}
