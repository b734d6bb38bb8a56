/** Shows the progress of one command on standard error: a line written over on a terminal, few lines elsewhere. */
import type { ProgressListener } from '../core/domain/progress.ts';

/** `json` prints every step as one line of JSON, for a program that waits. */
export type ProgressFormat = 'text' | 'json';

const BAR_WIDTH = 24;
const REDRAW_MS = 80;
/** Where nobody watches, a step is told every so many percent. */
const TOLD_PERCENT = 10;

export function terminalProgress(format: ProgressFormat = 'text'): ProgressListener {
  if (format === 'json') return (progress) => void process.stderr.write(`${JSON.stringify(progress)}\n`);
  return process.stderr.isTTY ? writeOver() : writeLines();
}

function writeOver(): ProgressListener {
  let stageShown = '';
  let drawnAt = 0;
  return ({ stage, done, total, note }) => {
    const finished = done >= total;
    const now = performance.now();
    if (stage === stageShown && !finished && now - drawnAt < REDRAW_MS) return;
    stageShown = stage;
    drawnAt = now;
    const filled = Math.round((BAR_WIDTH * done) / Math.max(1, total));
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    process.stderr.write(`\r\x1b[K${bar} ${stage}${note ? ` · ${note}` : ''}${finished ? '\n' : ''}`);
  };
}

function writeLines(): ProgressListener {
  let told = '';
  return ({ stage, done, total, note }) => {
    const step = Math.floor((100 * done) / Math.max(1, total) / TOLD_PERCENT) * TOLD_PERCENT;
    const line = `${stage} ${step} %`;
    if (line === told) return;
    told = line;
    process.stderr.write(`${line}${note ? ` · ${note}` : ''}\n`);
  };
}
