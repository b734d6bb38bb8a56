/** Brings readings in bulk into the database, on the same path as those from MQTT; may be repeated at will. */
import { stat } from 'node:fs/promises';
import { findSensorKind } from '../../catalogue/sensors/sensors.ts';
import type { SensorKind } from '../../catalogue/sensors/sensor.ts';
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import type { Reading } from '../../core/domain/reading.ts';
import type { Database } from '../../platform/storage/database.ts';
import { ReadingStore } from '../../platform/storage/reading-store.ts';
import { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import type { TelemetryRow } from './check-telemetry-row.ts';
import { ImportProblems, type ImportProblem } from './import-problem.ts';
import { readTelemetryFile } from './read-telemetry-file.ts';

export interface TelemetryReport {
  readonly rows: number;
  readonly stored: number;
  /** There already, from an import before or from MQTT. */
  readonly duplicates: number;
  /** There already with other values: kept in `reading_conflict`. */
  readonly conflicts: number;
  /** Rows in which nothing was measured. */
  readonly empty: number;
  readonly rejected: number;
  /** The first of the rejected. */
  readonly problems: readonly ImportProblem[];
}

/** Readings from elsewhere in this process: a simulation. */
export type ReadingSource = Iterable<Reading> | AsyncIterable<Reading>;

/** One commit each; larger ones gain nothing more. */
const BATCH_READINGS = 20_000;
/** Batches on their way at once: the database then has work while a commit reaches the disk. */
const LANES = 2;

/**
 * Sensors must be registered before. What is good is stored, what is not is reported; run again after a failure,
 * it goes on where it was, since what is there stays as it is.
 *
 * @param source readings, or the path of a file with `observed_at`, `sensor_id` and columns of the sensor kinds
 * @throws BadInput when the file is no such table; what came before the fault is stored
 * @throws Unavailable when the database goes away
 */
export async function importTelemetry(
  database: Database,
  source: ReadingSource | string,
  onProgress: ProgressListener = ignoreProgress,
): Promise<TelemetryReport> {
  const sensors = new SensorRepository(database);
  await sensors.loadAll();
  const store = new BulkStore(database);
  const problems = new ImportProblems();
  let rows = 0;
  let empty = 0;
  const tell = await describeProgress(source, onProgress);
  const batches =
    typeof source === 'string'
      ? readTelemetryFile(
          source,
          (id) => sensors.known(id),
          (bytes) => (tell.done = bytes),
        )
      : checkReadings(source, sensors);
  try {
    for await (const batch of batches) {
      rows += batch.length;
      for (const row of batch) {
        if ('reading' in row) await store.add(row.reading);
        else if ('problem' in row) problems.add(row.problem);
        else empty++;
      }
      onProgress({ ...tell, note: `${rows} rows` });
    }
  } finally {
    await store.finish();
  }
  const { stored, duplicates, conflicts } = store;
  return {
    rows,
    stored,
    duplicates,
    conflicts,
    empty,
    rejected: problems.count,
    problems: problems.kept,
  };
}

interface Lane {
  readonly store: ReadingStore;
  underWay: Promise<void>;
}

/** Gathers readings by kind; while batches are on their way to the database, the next is read. */
class BulkStore {
  stored = 0;
  duplicates = 0;
  conflicts = 0;
  private readonly waiting = new Map<string, Reading[]>();
  private readonly lanes: Lane[];
  private turn = 0;

  constructor(database: Database) {
    this.lanes = Array.from({ length: LANES }, () => ({
      store: new ReadingStore(database),
      underWay: Promise.resolve(),
    }));
  }

  /** Waits from time to time. */
  add(reading: Reading): Promise<void> | undefined {
    const { kind } = reading;
    const batch = this.waiting.get(kind);
    if (!batch) {
      this.waiting.set(kind, [reading]);
      return undefined;
    }
    batch.push(reading);
    return batch.length < BATCH_READINGS ? undefined : this.send(kind, batch);
  }

  async finish(): Promise<void> {
    for (const [kind, batch] of this.waiting) await this.send(kind, batch);
    const ends = await Promise.allSettled(this.lanes.map(({ underWay }) => underWay));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private async send(kind: string, batch: Reading[]): Promise<void> {
    this.waiting.delete(kind);
    const lane = this.lanes[this.turn++ % LANES]!;
    await lane.underWay;
    lane.underWay = this.write(lane.store, findSensorKind(kind)!, batch);
    // Whoever waits for it next hears of a failure; until then it is not unhandled.
    lane.underWay.catch(() => {});
  }

  private async write(store: ReadingStore, sensor: SensorKind, batch: readonly Reading[]): Promise<void> {
    const outcome = await store.commit((_, storeIn) => storeIn(sensor, batch));
    this.stored += outcome.stored;
    this.duplicates += outcome.duplicates;
    this.conflicts += outcome.conflicts;
  }
}

async function* checkReadings(
  source: ReadingSource,
  sensors: SensorRepository,
): AsyncGenerator<readonly TelemetryRow[]> {
  let line = 0;
  let batch: TelemetryRow[] = [];
  try {
    for await (const reading of source) {
      line++;
      batch.push(checkSensor(reading, line, sensors));
      if (batch.length < BATCH_READINGS) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    yield batch;
    throw error;
  }
  yield batch;
}

function checkSensor(reading: Reading, line: number, sensors: SensorRepository): TelemetryRow {
  const { sensorId, kind } = reading;
  const there = sensors.known(sensorId);
  if (there?.kind === kind) return { reading };
  const reason = there ? `is of kind ${there.kind}, not ${kind}` : 'is not registered';
  return { problem: { line, column: 'sensor_id', reason: `the sensor '${sensorId}' ${reason}` } };
}

/** In bytes for a file; without a file nobody knows how much is to come. */
async function describeProgress(
  source: ReadingSource | string,
  onProgress: ProgressListener,
): Promise<{ stage: string; done: number; total: number }> {
  const stage = 'importing readings';
  if (typeof source !== 'string' || onProgress === ignoreProgress) return { stage, done: 0, total: 0 };
  // A file that is not there is reported by the one who opens it.
  const total = await stat(source).then(
    ({ size }) => size,
    () => 0,
  );
  return { stage, done: 0, total };
}
