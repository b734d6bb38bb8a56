/** The made-up grid of the demo, and what is remembered of it between two runs on the same data folder. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Conflict } from '../core/domain/failure.ts';
import { DATA_SET_START, simulateGrid, type SimulatedGrid } from '../features/simulation/grid.ts';

const HISTORY_DAYS = 120;
const LIVE_DAYS = 10;

const rememberedSchema = z.object({ seed: z.number().int(), historyImported: z.boolean() });
type Remembered = z.infer<typeof rememberedSchema>;

export class DemoWorld {
  private constructor(
    readonly grid: SimulatedGrid,
    private readonly file: string,
    private remembered: Remembered,
  ) {}

  /**
   * The world of an earlier run where there was one. Its days lie in the past and do not move with the clock, so
   * that a seed tells the same story whenever it is told.
   *
   * @throws Conflict when the folder holds the world of another seed
   */
  static async open(dataFolder: string, seed: number): Promise<DemoWorld> {
    const file = path.join(dataFolder, 'demo.json');
    const text = await readFile(file, 'utf8').catch(() => null);
    const remembered = text === null ? { seed, historyImported: false } : parse(text, file);
    if (remembered.seed !== seed) {
      throw new Conflict(
        'demo-seed',
        `${dataFolder} holds the demo of seed ${remembered.seed}: add --fresh to begin seed ${seed} in its place.`,
      );
    }
    const grid = simulateGrid({
      lines: 2,
      towersPerLine: 12,
      seed,
      startAt: DATA_SET_START,
      days: HISTORY_DAYS,
      liveDays: LIVE_DAYS,
    });
    return new DemoWorld(grid, file, remembered);
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

function parse(text: string, file: string): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Conflict('demo-state', `${file} is damaged: run the demo with --fresh.`, {}, { cause });
  }
}
