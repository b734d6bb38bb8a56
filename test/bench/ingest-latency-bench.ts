/**
 * How long after its publication a reading can be seen in the database, at half of the rate that ingest reaches.
 *
 * Needs mosquitto; uses the server that DATABASE_URL names (a database of its own there), else the embedded one.
 *
 * @example npm run bench:latency -- --seconds 30 --per-message 100
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { publishMessage, publishRows, startStand, type IngestProcess } from './ingest-stand.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    'per-message': { type: 'string', default: '100' },
    /** Backlog that tells the highest rate. */
    rows: { type: 'string', default: '500000' },
  },
});
const [seconds, perMessage, rows] = [values.seconds, values['per-message'], values.rows].map(Number) as [
  number,
  number,
  number,
];
const LIMIT_MS = 1_000;
/** Of the sensor whose readings are watched one by one. */
const PROBE_EVERY_MS = 50;
const LOOK_EVERY_MS = 5;
const PROBE = { lineId: 'L01', towerId: 'T01', sensorId: 'probe', kind: 'impedance' } as const;

const stand = await startStand();
try {
  await new SensorRepository(stand.database).register([PROBE]);
  const highest = await highestRate();
  await stand.database.query('TRUNCATE impedance_reading');
  const ingest = await stand.forkIngest();
  await ingest.start();
  const over = new AbortController();
  const load = publishAtRate(highest / 2, over.signal);
  const latencies = await watchProbes();
  over.abort();
  const published = await load;
  await ingest.stop();
  const at = (share: number): number => Math.round(quantile(latencies, share));
  process.stdout.write(
    `${JSON.stringify({
      database: stand.server,
      perMessage,
      highestRowsPerSecond: Math.round(highest),
      publishedRowsPerSecond: Math.round(published / seconds),
      probes: latencies.length,
      medianMs: at(0.5),
      p99Ms: at(0.99),
      mostMs: Math.round(Math.max(...latencies)),
      limitMs: LIMIT_MS,
    })}\n`,
  );
} finally {
  await stand.stop();
}

/** @returns rows a second from a backlog */
async function highestRate(): Promise<number> {
  const before = await stand.forkIngest();
  await before.start();
  await before.stop();
  await publishRows(stand.broker, rows, perMessage);
  const ingest = await stand.forkIngest();
  const begun = performance.now();
  await storedAll(ingest);
  const rate = rows / ((performance.now() - begun) / 1000);
  await ingest.stop();
  return rate;
}

async function storedAll(ingest: IngestProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    ingest.onStored(() => ingest.stored >= rows && resolve());
    void ingest.start();
  });
}

/** @returns rows published */
async function publishAtRate(rowsPerSecond: number, signal: AbortSignal): Promise<number> {
  const publisher = await connectPublisher(stand.broker.url);
  const begun = performance.now();
  let row = 0;
  const waiting = new Set<Promise<void>>();
  while (!signal.aborted) {
    const due = ((performance.now() - begun) / 1000) * rowsPerSecond;
    for (; row < due; row += perMessage) {
      const taken = publishMessage(publisher, row, perMessage).finally(() => waiting.delete(taken));
      waiting.add(taken);
    }
    await sleep(2);
  }
  await Promise.all(waiting);
  await publisher.close();
  return row;
}

/** @returns ms from publication to sight, for each probe; what is still unseen at the end counts with its age */
async function watchProbes(): Promise<number[]> {
  const publisher = await connectPublisher(stand.broker.url);
  const topic = `spanwatch/v1/${PROBE.lineId}/${PROBE.towerId}/${PROBE.sensorId}/${PROBE.kind}`;
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const begin = Date.UTC(2026, 0, 1);
  const end = performance.now() + seconds * 1000;
  // Probe n says second n, so that the newest in the database tells how many can be seen.
  while (performance.now() < end) {
    const now = performance.now();
    if (now - (sentAt.at(-1) ?? -Infinity) >= PROBE_EVERY_MS) {
      const observedAt = new Date(begin + sentAt.length * 1_000).toISOString();
      sentAt.push(now);
      void publisher.publish(topic, JSON.stringify({ observedAt, loadAmpere: 1 }));
    }
    const { rows: seen } = await stand.database.query<{ newest: Date | null }>(
      'SELECT max(observed_at) AS newest FROM impedance_reading WHERE sensor_id = $1',
      [PROBE.sensorId],
    );
    const { newest } = seen[0]!;
    const count = newest ? (newest.getTime() - begin) / 1_000 + 1 : 0;
    while (latencies.length < count) latencies.push(performance.now() - sentAt[latencies.length]!);
    await sleep(LOOK_EVERY_MS);
  }
  await publisher.close();
  for (const at of sentAt.slice(latencies.length)) latencies.push(performance.now() - at);
  return latencies;
}
