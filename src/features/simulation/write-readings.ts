/** Streams what all sensors report into CSV files, in the order of time, from as many threads as are wanted. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressListener } from '../../core/domain/progress.ts';
import type { SimulatedGrid } from './grid.ts';
import type { ReadingBlock } from './reading-blocks.ts';
import { simulateHere, simulateInThread } from './simulation-part.ts';
import type { SimulationPart } from './simulation-part.ts';
import { splitLines } from './split-lines.ts';
import type { LineSurvey } from './survey.ts';
import { WEATHER_QUANTITIES } from './weather-station.ts';

const WEATHER_COLUMNS = WEATHER_QUANTITIES.map(({ column }) => column);
/** In the order of the streams of a block. */
const FILES = [
  {
    name: 'telemetry.csv',
    columns: [
      'observed_at',
      'sensor_id',
      'resistance_ohm',
      'reactance_ohm',
      'leakage_milliampere',
      'load_ampere',
      ...WEATHER_COLUMNS,
    ],
  },
  { name: 'weather.csv', columns: ['observed_at', 'sensor_id', ...WEATHER_COLUMNS] },
  {
    name: 'hidden-state.csv',
    columns: [
      'day',
      'sensor_id',
      'conductor_celsius_max',
      'sag_metre_max',
      'joint_ratio',
      'pollution_milligram_per_square_centimetre',
    ],
  },
];

/** Of each part and step in memory, about; a thread holds three blocks at most. */
const BLOCK_BYTES = 4 << 20;
const ROW_BYTES = 90;
const STEPS_PER_DAY = 144;

/**
 * @param threads 1 simulates in this one; the files are the same whatever the number
 * @param onSurvey told of flights and truth before the first reading is written
 * @returns rows of telemetry
 */
export async function writeReadings(
  grid: SimulatedGrid,
  outDir: string,
  threads: number,
  onSurvey: (surveys: readonly LineSurvey[]) => Promise<void>,
  onProgress: ProgressListener,
): Promise<number> {
  const split = splitLines(grid, threads);
  const mostSensors = Math.max(...split.map(({ sensors }) => sensors));
  const stepsPerBlock = Math.min(STEPS_PER_DAY, Math.ceil(BLOCK_BYTES / (ROW_BYTES * mostSensors)));
  const simulate = split.length === 1 ? simulateHere : simulateInThread;
  const parts = split.map(({ fromLine, toLine }) => simulate({ grid, fromLine, toLine, stepsPerBlock }));
  const files: FileHandle[] = [];
  try {
    const surveys = await Promise.all(parts.map((part) => part.survey()));
    await onSurvey(surveys.flat());
    for (const { name, columns } of FILES) {
      const file = await open(join(outDir, name), 'w');
      files.push(file);
      await file.writeFile(`${columns.join(',')}\n`);
    }
    return await merge(grid, parts, files, onProgress);
  } finally {
    await Promise.all([...parts.map((part) => part.close()), ...files.map((file) => file.close())]);
  }
}

async function merge(
  grid: SimulatedGrid,
  parts: readonly SimulationPart[],
  files: readonly FileHandle[],
  onProgress: ProgressListener,
): Promise<number> {
  const stepMs = grid.stepMinutes * 60_000;
  const total = Math.ceil((grid.endAt.getTime() - grid.startAt.getTime()) / stepMs);
  const sensors = grid.lines.reduce((sum, line) => sum + line.towers.length, 0);
  let used: (ReadingBlock | undefined)[] = parts.map(() => undefined);
  for (let done = 0; done < total;) {
    const blocks = (await Promise.all(parts.map((part, index) => part.next(used[index])))) as ReadingBlock[];
    for (const [stream, file] of files.entries()) {
      await file.writeFile(inOrderOfTime(blocks.map((block) => block[stream]!)));
    }
    used = blocks;
    done += blocks[0]![0]!.ends.length;
    onProgress({ stage: 'simulating readings', done, total, note: `${done * sensors} rows` });
  }
  return total * sensors;
}

/** The rows of all parts at the first step, then those of all at the second, and so on. */
function inOrderOfTime(parts: ReadingBlock): Uint8Array {
  const [first] = parts;
  if (parts.length === 1) return first!.bytes.subarray(0, first!.ends.at(-1));
  const merged = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.ends.at(-1)!, 0));
  let at = 0;
  for (let step = 0; step < first!.ends.length; step++) {
    for (const { bytes, ends } of parts) {
      const rows = bytes.subarray(step === 0 ? 0 : ends[step - 1]!, ends[step]);
      merged.set(rows, at);
      at += rows.length;
    }
  }
  return merged;
}
