/** The made-up grid of the demo, and what is remembered of it between two runs on the same data folder. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Conflict } from '../core/domain/failure.ts';
import { simulateGrid, type SimulatedGrid } from '../features/simulation/grid.ts';

const HISTORY_DAYS = 120;
const LIVE_DAYS = 10;
const DEFAULT_SEED = 1;
const DAY_MS = 86_400_000;
const STEP_MS = 600_000;

const rememberedSchema = z.object({
  seed: z.number().int(),
  startAt: z.iso.datetime(),
  historyImported: z.boolean(),
});
type Remembered = z.infer<typeof rememberedSchema>;

export class DemoWorld {
  private constructor(
    readonly grid: SimulatedGrid,
    private readonly file: string,
    private remembered: Remembered,
  ) {}

  /** The world of an earlier run where there was one: the same grid, the same defects, the same instants. */
  static async open(dataFolder: string, now: Date): Promise<DemoWorld> {
    const file = path.join(dataFolder, 'demo.json');
    const text = await readFile(file, 'utf8').catch(() => null);
    const remembered = text === null ? newWorld(now) : parse(text, file);
    const startAt = new Date(remembered.startAt);
    const grid = simulateGrid({
      lines: 2,
      towersPerLine: 12,
      seed: remembered.seed,
      startAt,
      days: HISTORY_DAYS,
      liveDays: LIVE_DAYS,
    });
    const world = new DemoWorld(grid, file, remembered);
    if (text === null) await world.save();
    return world;
  }

  get historyImported(): boolean {
    return this.remembered.historyImported;
  }

  async rememberImport(): Promise<void> {
    this.remembered = { ...this.remembered, historyImported: true };
    await this.save();
  }

  private async save(): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true });
    // Written beside and renamed, so that a kill in between leaves the old file whole.
    await writeFile(`${this.file}.new`, JSON.stringify(this.remembered));
    await rename(`${this.file}.new`, this.file);
  }
}

/** The live days end now, since a reading from the future would rightly be refused. */
function newWorld(now: Date): Remembered {
  const end = Math.floor(now.getTime() / STEP_MS) * STEP_MS;
  const startAt = new Date(end - (HISTORY_DAYS + LIVE_DAYS) * DAY_MS);
  return { seed: DEFAULT_SEED, startAt: startAt.toISOString(), historyImported: false };
}

function parse(text: string, file: string): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Conflict('demo-state', `${file} is damaged: run the demo with --fresh.`, {}, { cause });
  }
}
