/** Runs a training command in a child process: a crash or a leak of the trainer can't take the platform along. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Broken } from '../../core/domain/failure.ts';
import type { Progress, ProgressListener } from '../../core/domain/progress.ts';
import { spanwatchCommand } from '../../platform/project-root.ts';

/** Lines of the child's error output that are told when it fails. */
const TOLD_LINES = 5;

/**
 * @param words command line after `spanwatch`, such as `['anomaly', 'train', …]`
 * @param signal ends the child when the platform stops
 * @throws Broken with the child's last words
 */
export async function runTraining(
  words: readonly string[],
  onProgress: ProgressListener,
  signal?: AbortSignal,
): Promise<void> {
  const child = spawn(process.execPath, [spanwatchCommand, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  });
  const lastWords: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    const progress = readProgress(line);
    if (progress) return onProgress(progress);
    lastWords.push(line);
    if (lastWords.length > TOLD_LINES) lastWords.shift();
  });
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signalName) => resolve(exitCode ?? signalName ?? 'unknown'));
  });
  if (code !== 0) {
    throw new Broken(
      'training-failed',
      `spanwatch ${words[0]} ${words[1]} ended with ${code}: ${lastWords.join(' / ')}`,
    );
  }
}

function readProgress(line: string): Progress | null {
  if (!line.startsWith('{"stage"')) return null;
  try {
    return JSON.parse(line) as Progress;
  } catch {
    return null;
  }
}
