/**
 * Memory of an ingest process over millions of readings with a long database outage among them: it must stay flat
 * while the broker holds the backlog.
 *
 * Needs mosquitto; always uses the embedded server, which it stops and starts.
 *
 * @example npm run bench:memory -- --rows 10000000 --outage-seconds 600
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { publishMessage, startStand } from './ingest-stand.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    'outage-seconds': { type: 'string', default: '600' },
    'per-message': { type: 'string', default: '100' },
  },
});
const [rows, outageSeconds, perMessage] = [values.rows, values['outage-seconds'], values['per-message']].map(
  Number,
) as [number, number, number];
const LIMIT_MEGABYTES = 300;
/** How many rows ingest may be behind before the publisher waits, except in the outage. */
const MOST_BEHIND = 400_000;
/** What is published while the database is away. */
const OUTAGE_ROWS_PER_SECOND = 2_000;
const SAMPLE_MS = 1_000;

delete process.env.DATABASE_URL;
const stand = await startStand();
try {
  const publisher = await connectPublisher(stand.broker.url);
  const ingest = await stand.forkIngest();
  await ingest.start();
  const samples: { rows: number; megabytes: number; away: boolean }[] = [];
  let away = false;
  let over = false;
  const sampling = (async () => {
    while (!over) {
      samples.push({ rows: ingest.stored, megabytes: await ingest.residentMegabytes(), away });
      await sleep(SAMPLE_MS);
    }
  })();
  let row = 0;
  const publishUntil = async (end: number): Promise<void> => {
    while (row < end) {
      const sending: Promise<void>[] = [];
      for (; sending.length < 200 && row < end; row += perMessage) {
        sending.push(publishMessage(publisher, row, perMessage));
      }
      await Promise.all(sending);
      while (row - ingest.stored > MOST_BEHIND) await sleep(20);
    }
  };
  await publishUntil(Math.floor(rows / 2 / perMessage) * perMessage);
  process.stderr.write(`${ingest.stored} rows are stored; the database goes away for ${outageSeconds} s\n`);
  away = true;
  await stand.postgres!.stop();
  const back = performance.now() + outageSeconds * 1000;
  while (performance.now() < back) {
    for (let n = 0; n < OUTAGE_ROWS_PER_SECOND / perMessage; n++, row += perMessage) {
      await publishMessage(publisher, row, perMessage);
    }
    await sleep(1_000);
  }
  await stand.postgres!.start();
  away = false;
  process.stderr.write('the database is back\n');
  await publishUntil(rows);
  while (ingest.stored < row) await sleep(100);
  over = true;
  await sampling;
  await publisher.close();
  const { peakMegabytes } = await ingest.stop();
  const { rows: counted } = await stand.database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM impedance_reading',
  );
  const most = (some: typeof samples): number => Math.round(Math.max(...some.map((each) => each.megabytes)));
  const tenth = (n: number) => samples.filter((each) => Math.floor((each.rows / row) * 10) === n);
  process.stdout.write(
    `${JSON.stringify({
      database: stand.server,
      published: row,
      stored: counted[0]!.count,
      outageSeconds,
      peakMegabytes: Math.round(peakMegabytes),
      limitMegabytes: LIMIT_MEGABYTES,
      peakByTenthOfRows: Array.from({ length: 10 }, (_, n) => (tenth(n).length > 0 ? most(tenth(n)) : null)),
      peakInOutage: most(samples.filter((each) => each.away)),
    })}\n`,
  );
} finally {
  await stand.stop();
}
