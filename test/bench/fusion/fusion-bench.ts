/**
 * Our model against simple methods and against itself with parts taken away, on simulated grids: half of the towers
 * train up to 60 % of the time, the others are judged after it. Each (seed, method) that is done is kept in the
 * output folder, so that a run that was stopped goes on where it was.
 *
 * @example npm run bench:fusion -- --sensors 96 --days 180 --seeds 1,2,3,4,5 --out data/bench-fusion
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareCompute } from '../../../src/platform/compute/choose-backend.ts';
import { prepareGrid, readGrid, type GridSize, type SplitGrid } from './grid-data.ts';
import { judgeMethod, type Judgement } from './judge-method.ts';
import { METHODS } from './methods.ts';
import { summarise } from './summarise.ts';

const { values } = parseArgs({
  options: {
    sensors: { type: 'string', default: '48' },
    days: { type: 'string', default: '120' },
    seeds: { type: 'string', default: '1,2,3' },
    recalibrations: { type: 'string', default: '0' },
    methods: { type: 'string' },
    out: { type: 'string', default: 'data/bench-fusion' },
  },
});
const size = {
  sensors: Number(values.sensors),
  days: Number(values.days),
  recalibrationsPerYear: Number(values.recalibrations),
};
const seeds = values.seeds.split(',').map(Number);
if (![size.sensors, size.days, ...seeds].every((value) => Number.isInteger(value) && value > 0)) {
  throw new Error('--sensors, --days and each of --seeds must be whole numbers above 0.');
}
if (!(size.recalibrationsPerYear >= 0)) throw new Error('--recalibrations must be a number from 0 on.');
const wanted = values.methods?.split(',').map((name) => name.trim());
const methods = METHODS.filter(({ name }) => wanted?.includes(name) ?? true);
if (methods.length === 0) {
  throw new Error(`--methods names none of ${METHODS.map(({ name }) => name).join(', ')}.`);
}

await prepareCompute('wasm'); // as `anomaly train` does
const judgements: Judgement[] = [];
for (const seed of seeds) {
  const folder = path.resolve(values.out, nameOf(size), `seed-${seed}`);
  await mkdir(folder, { recursive: true });
  let grid: SplitGrid | null = null;
  for (const method of methods) {
    const file = path.join(folder, `${method.name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`);
    if (!existsSync(file)) {
      say(`seed ${seed}, ${methods.indexOf(method) + 1} of ${methods.length}: ${method.name}`);
      grid ??= await readGrid(await prepareGrid(folder, size, seed), seed);
      await writeFile(`${file}.part`, JSON.stringify(await judgeMethod(method, grid)));
      await rename(`${file}.part`, file);
    }
    // From the file in any case: a fresh result and one that was kept are the same then.
    judgements.push(JSON.parse(await readFile(file, 'utf8')) as Judgement);
  }
}
const { table, figures } = summarise(judgements, size);
process.stdout.write(`${table}\n${JSON.stringify(figures)}\n`);

function nameOf({ sensors, days, recalibrationsPerYear }: GridSize): string {
  const recalibrated = recalibrationsPerYear > 0 ? `-recalibrated-${recalibrationsPerYear}` : '';
  return `${sensors}x${days}${recalibrated}`;
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
