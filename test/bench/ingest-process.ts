/** Ingest alone in a process, as `start --roles ingest` runs it, told what to do by the benchmark that started it. */
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { keepHeapSmall } from '../../src/platform/ops/keep-heap-small.ts';
import { Database } from '../../src/platform/storage/database.ts';

export interface IngestOrder {
  readonly databaseUrl: string;
  readonly brokerUrl: string;
  readonly clientId: string;
  readonly group?: string;
}

export type FromIngest =
  | { readonly say: 'ready' }
  | { readonly say: 'listening' }
  | { readonly say: 'stored'; readonly rows: number }
  | { readonly say: 'resident'; readonly megabytes: number }
  | { readonly say: 'used'; readonly cpuSeconds: number; readonly peakMegabytes: number };

keepHeapSmall();
const order = JSON.parse(process.argv[2]!) as IngestOrder;
const tell = (message: FromIngest): void => void process.send?.(message);
const complain = (...words: unknown[]): void => void process.stderr.write(`${String(words.at(-1))}\n`);
const database = new Database(order.databaseUrl);
const ingest = new IngestService({
  database,
  logger: { info: () => {}, warn: complain, error: complain },
  metrics: {
    stored: (rows) => tell({ say: 'stored', rows }),
    duplicate: (count) => count > 0 && complain(`${count} duplicates`),
    conflict: (count) => count > 0 && complain(`${count} conflicts`),
    rejected: (code) => complain(code),
    batchSeconds: () => {},
  },
  mqttUrl: order.brokerUrl,
  session: { clientId: order.clientId, release: async () => {} },
  ...(order.group === undefined ? {} : { group: order.group }),
  unknownSensors: 'register',
});

process.on('message', (message) => {
  if (message === 'resident') tell({ say: 'resident', megabytes: process.memoryUsage.rss() / 1e6 });
  if (message === 'start') void ingest.start().then(() => tell({ say: 'listening' }));
  if (message === 'stop') void stop();
});
// All is loaded and nothing connected: what a benchmark times begins at its word.
await database.query('SELECT 1');
const begun = process.cpuUsage();
tell({ say: 'ready' });

async function stop(): Promise<void> {
  await ingest.stop();
  await database.close();
  const { user, system } = process.cpuUsage(begun);
  // Kilobytes on Linux.
  const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  process.send?.({ say: 'used', cpuSeconds: (user + system) / 1e6, peakMegabytes }, () =>
    process.disconnect(),
  );
}
