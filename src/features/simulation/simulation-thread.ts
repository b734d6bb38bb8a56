/** Runs one part of a simulation in a worker thread: its survey first, then a block for every message. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadingBlock } from './reading-blocks.ts';
import { simulateHere } from './simulation-part.ts';
import type { PartRequest } from './simulation-part.ts';

const port = parentPort!;
const part = simulateHere(workerData as PartRequest);
port.postMessage(await part.survey());
port.on('message', (used: ReadingBlock | undefined) => {
  void part.next(used).then((block) => {
    port.postMessage(block, block?.flatMap(({ bytes, ends }) => [bytes.buffer, ends.buffer]) ?? []);
  });
});
