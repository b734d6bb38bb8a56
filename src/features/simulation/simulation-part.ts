/** A part of the grid's lines under simulation, here or in a thread of its own; either way the same bytes come out. */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Broken } from '../../core/domain/failure.ts';
import type { SimulatedGrid } from './grid.ts';
import type { ReadingBlock } from './reading-blocks.ts';
import { ReadingBlocks } from './reading-blocks.ts';
import { repairsOf, surveyLines } from './survey.ts';
import type { LineSurvey } from './survey.ts';

export interface PartRequest {
  readonly grid: SimulatedGrid;
  /** Lines from the first, inclusive, to the last, exclusive, by number. */
  readonly fromLine: number;
  readonly toLine: number;
  readonly stepsPerBlock: number;
}

export interface SimulationPart {
  /** Before the first block. */
  survey(): Promise<LineSurvey[]>;
  /** @param used a block that is needed no longer; @returns undefined after the last one */
  next(used?: ReadingBlock): Promise<ReadingBlock | undefined>;
  close(): Promise<void>;
}

/** Blocks that a thread may be ahead. */
const BLOCKS_AHEAD = 2;

export function simulateHere({ grid, fromLine, toLine, stepsPerBlock }: PartRequest): SimulationPart {
  const lines = grid.lines.slice(fromLine, toLine);
  const surveys = surveyLines(grid, lines);
  const blocks = new ReadingBlocks(grid, lines, repairsOf(surveys), stepsPerBlock);
  return {
    survey: () => Promise.resolve(surveys),
    next: (used) => Promise.resolve(blocks.next(used)),
    close: () => Promise.resolve(),
  };
}

/** Works where the project is built: threads load JavaScript. */
export function simulateInThread(request: PartRequest): SimulationPart {
  const thread = new Worker(new URL('./simulation-thread.js', import.meta.url), { workerData: request });
  const answers = on(thread, 'message', { close: ['exit'] }) as AsyncIterableIterator<[unknown]>;
  const answer = async <Answer>(): Promise<Answer> => {
    const next = await answers.next();
    if (next.done !== true) return next.value[0] as Answer;
    throw new Broken('simulation-thread-ended', 'A thread of the simulation ended before its work did.');
  };
  const ask = (used?: ReadingBlock) => {
    thread.postMessage(used, used?.flatMap(({ bytes, ends }) => [bytes.buffer, ends.buffer]) ?? []);
  };
  for (let block = 0; block < BLOCKS_AHEAD; block++) ask();
  return {
    survey: () => answer<LineSurvey[]>(),
    next(used) {
      if (used) ask(used);
      return answer<ReadingBlock | undefined>();
    },
    async close() {
      await thread.terminate();
    },
  };
}
