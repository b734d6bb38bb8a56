/**
 * From a broker's backlog to committed rows, against binary COPY of the same rows into the same table by one
 * connection; in turn, round by round, so that whatever else the machine does meets both.
 *
 * Needs mosquitto; uses the server that DATABASE_URL names (a database of its own there), else the embedded one.
 * With `--telegraf` and the path of a Telegraf 1.34 binary that holds `inputs.mqtt_consumer`, `outputs.postgresql` and
 * `parsers.json`, each round also runs that on the same backlog.
 *
 * @example npm run bench:ingest -- --rows 1000000 --per-message 100 --rounds 5
 * @example npm run bench:ingest -- --processes 2
 * @example npm run bench:ingest -- --telegraf ./telegraf
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { copyRows, publishRows, startStand, type IngestProcess } from './ingest-stand.ts';
import { runTelegraf, telegrafVersion } from './run-telegraf.ts';

const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    'per-message': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    /** With more than one, a round also runs one process, and the ratio to that is printed. */
    processes: { type: 'string', default: '1' },
    /** Path of its binary. */
    telegraf: { type: 'string' },
  },
});
const [rows, perMessage] = [Number(values.rows), Number(values['per-message'])];
const [rounds, processes] = [Number(values.rounds), Number(values.processes)];
const telegrafIs = values.telegraf ? telegrafVersion(values.telegraf) : undefined;

interface Run {
  readonly seconds: number;
  /** Of all ingest processes. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const stand = await startStand();
try {
  const runs: { copied: number; one: Run; many: Run; telegraf: number }[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const copied = await copyRows(stand.database, rows, perMessage);
    const one = await ingestBacklog(1);
    const many = processes > 1 ? await ingestBacklog(processes) : one;
    const telegraf = values.telegraf ? await runTelegraf(values.telegraf, stand, rows, perMessage) : NaN;
    if (round > 0) runs.push({ copied, one, many, telegraf });
  }
  const rate = (seconds: number): number => Math.round(rows / seconds);
  const timesTelegraf = runs.map(({ one, telegraf }) => telegraf / one.seconds);
  const ratios = runs.map(({ copied, one }) => copied / one.seconds);
  process.stdout.write(
    `${JSON.stringify({
      database: stand.server,
      rows,
      perMessage,
      rounds,
      copyRowsPerSecond: rate(median(runs.map(({ copied }) => copied))),
      ingestRowsPerSecond: rate(median(runs.map(({ one }) => one.seconds))),
      ingestMessagesPerSecond: Math.round(
        rows / perMessage / median(runs.map(({ one: { seconds } }) => seconds)),
      ),
      ratio: round3(median(ratios)),
      ratios: ratios.map(round3),
      limit: perMessage === 1 ? round3(40 / 190) : 0.8,
      ingestCpuShare: round3(median(runs.map(({ one }) => one.cpuSeconds / one.seconds))),
      peakMegabytes: Math.round(Math.max(...runs.map(({ one }) => one.peakMegabytes))),
      ...(processes > 1 && {
        processes,
        rowsPerSecondTogether: rate(median(runs.map(({ many }) => many.seconds))),
        timesOne: round3(median(runs.map(({ one, many }) => one.seconds / many.seconds))),
        timesOneLimit: 1.6,
        cpuShareTogether: round3(median(runs.map(({ many }) => many.cpuSeconds / many.seconds))),
        cores: availableParallelism(),
      }),
      ...(telegrafIs && {
        telegraf: telegrafIs,
        telegrafRowsPerSecond: rate(median(runs.map(({ telegraf }) => telegraf))),
        timesTelegraf: round3(median(timesTelegraf)),
        timesTelegrafEach: timesTelegraf.map(round3),
      }),
    })}\n`,
  );
} finally {
  await stand.stop();
}

/** The broker holds everything before ingest starts, so that no publisher competes for the machine. */
async function ingestBacklog(count: number): Promise<Run> {
  await stand.database.query('TRUNCATE impedance_reading');
  // Sessions of the runs before would go on collecting.
  await stand.renewBroker();
  const forkAll = (): Promise<IngestProcess[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        stand.forkIngest(
          count > 1 ? { clientId: `bench-${count}-${index}`, group: `bench${count}` } : { clientId: 'bench' },
        ),
      ),
    );
  // Makes the sessions, for which the broker then keeps what comes.
  for (const ingest of await forkAll()) {
    await ingest.start();
    await ingest.stop();
  }
  await publishRows(stand.broker, rows, perMessage);
  const forked = await forkAll();
  const begun = performance.now();
  await new Promise<void>((resolve) => {
    for (const ingest of forked) {
      ingest.onStored(() => {
        if (forked.reduce((sum, { stored }) => sum + stored, 0) >= rows) resolve();
      });
      void ingest.start();
    }
  });
  const seconds = (performance.now() - begun) / 1000;
  const used = await Promise.all(forked.map((ingest) => ingest.stop()));
  await stand.database.query('TRUNCATE impedance_reading');
  return {
    seconds,
    cpuSeconds: used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakMegabytes: Math.max(...used.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function round3(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}
