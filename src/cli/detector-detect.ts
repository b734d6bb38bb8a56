/** `spanwatch detector detect`: what a detector sees on pictures. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Command } from 'commander';
import type { LineInspection } from '../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { BadInput, Failure } from '../core/domain/failure.ts';
import { decodeImage } from '../platform/blobs/decode-image.ts';
import { addModelOptions, openInspection, type ModelOptions } from './open-inspection.ts';
import { probability } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface DetectOptions extends ModelOptions {
  readonly minScore?: number;
  readonly json: boolean;
}

const PICTURE_SUFFIXES = ['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff'];

export function detectorDetectCommand(): Command {
  const command = new Command('detect').argument(
    '<paths...>',
    'pictures, or folders whose pictures are taken, deep down',
  );
  return addModelOptions(command)
    .option(
      '--min-score <probability>',
      'report from this probability up, instead of from the thresholds that came with the model',
      probability('--min-score'),
    )
    .option('--json', 'print one line of JSON a picture', false)
    .action(detect);
}

/** A picture that cannot be read is told and passed over; the exit code then says that not all was done. */
async function detect(paths: readonly string[], options: DetectOptions): Promise<void> {
  const files = (await Promise.all(paths.map(listPictures))).flat();
  const inspection = await openInspection(options);
  const onProgress = process.stderr.isTTY ? terminalProgress() : undefined;
  let done = 0;
  for (const file of files) {
    try {
      process.stdout.write(`${await describeFile(inspection, file, options)}\n`);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      process.stderr.write(`spanwatch: ${file}: ${failure.message}\n`);
      process.exitCode = 1;
    }
    onProgress?.({ stage: 'looking at pictures', done: ++done, total: files.length });
  }
  inspection.dispose();
}

async function describeFile(
  inspection: LineInspection,
  file: string,
  { json, minScore }: DetectOptions,
): Promise<string> {
  const pixels = await decodeImage(await readFile(file));
  const found = await inspection.inspect(pixels, minScore === undefined ? {} : { minimumScore: minScore });
  if (json) {
    const detections = found.map(({ category, score, bbox }) => ({ category, score, bbox }));
    return JSON.stringify({ image: file, width: pixels.width, height: pixels.height, detections });
  }
  const parts = found.map(
    ({ category, score, bbox }) => `${category} ${score.toFixed(2)} at ${bbox.map(Math.round).join(' ')}`,
  );
  return `${file}: ${parts.join(', ') || 'nothing found'}`;
}

async function listPictures(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new BadInput('path-missing', `${path} is not there; name pictures or folders.`);
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  const pictures = entries.filter((entry) => PICTURE_SUFFIXES.includes(extname(entry).toLowerCase())).sort();
  if (pictures.length > 0) return pictures.map((entry) => join(path, entry));
  throw new BadInput('path-empty', `${path} holds no picture (${PICTURE_SUFFIXES.join(', ')}).`);
}
