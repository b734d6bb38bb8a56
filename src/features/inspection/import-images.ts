/** Takes a folder of photographs in, with all folders below; may be broken off and run again at will. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { BadInput } from '../../core/domain/failure.ts';
import type { QualityFlag } from '../../core/domain/image-quality.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { walkFiles, type WalkedFile } from '../../platform/blobs/walk-files.ts';
import type { ImageIntake } from './intake/image-intake.ts';

export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

export interface PoorFile {
  readonly file: string;
  readonly quality: readonly QualityFlag[];
}

export interface ImageReport {
  readonly files: number;
  readonly stored: number;
  /** Their bytes were there already. */
  readonly known: number;
  /** Taken in, but too poor to judge by: take them again while the crew is there. */
  readonly poor: readonly PoorFile[];
  /** What lies beside photographs: logs, films, links. */
  readonly skipped: readonly SkippedFile[];
  /** Photographs that could not be taken in. */
  readonly rejected: readonly SkippedFile[];
}

/** Who calls a file so means a photograph. */
const PICTURE_NAME = /\.(jpe?g|png|tiff?|webp)$/i;
/** Reading, decoding and committing overlap, in the processors' number and one more. */
const LANES = availableParallelism() + 1;

/** @throws BadInput when there is no such folder; Unavailable when the rest must wait: run again then */
export async function importImages(
  intake: Pick<ImageIntake, 'acceptCopy'>,
  folder: string,
  flightId: string | null,
  onProgress: ProgressListener,
): Promise<ImageReport> {
  const files = await listFiles(folder);
  const report = {
    stored: 0,
    known: 0,
    poor: new Array<PoorFile>(),
    skipped: new Array<SkippedFile>(),
    rejected: new Array<SkippedFile>(),
  };
  const takeIn = async (file: WalkedFile): Promise<void> => {
    if (!file.isPlain) {
      report.skipped.push({ file: file.relative, reason: 'it is a link or no file at all' });
      return;
    }
    try {
      const fileName = path.basename(file.relative);
      const { isKnown, quality } = await intake.acceptCopy({ path: file.path, fileName, flightId });
      if (isKnown) report.known++;
      else report.stored++;
      if (quality.length > 0) report.poor.push({ file: file.relative, quality });
    } catch (error) {
      const reason = refusalOf(error);
      const isBeside =
        (error as Partial<BadInput>).code === 'image-type' && !PICTURE_NAME.test(file.relative);
      (isBeside ? report.skipped : report.rejected).push({ file: file.relative, reason });
    }
  };
  let done = 0;
  const rest = files.values();
  const lanes = Array.from({ length: LANES }, async () => {
    for (const file of rest) {
      await takeIn(file);
      onProgress({ stage: 'taking photographs in', done: ++done, total: files.length, note: file.relative });
    }
  });
  // The file that failed first is what is told, when those beside it are done.
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return { files: files.length, ...report };
}

async function listFiles(folder: string): Promise<WalkedFile[]> {
  try {
    const files: WalkedFile[] = [];
    for await (const file of walkFiles(folder)) files.push(file);
    return files;
  } catch (cause) {
    throw new BadInput('no-folder', `${folder} can't be read: ${(cause as Error).message}`, {}, { cause });
  }
}

/** Of one file; whatever keeps all of them out is thrown. */
function refusalOf(error: unknown): string {
  if (error instanceof BadInput) return error.message;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['EACCES', 'EPERM', 'ENOENT', 'EIO'].includes(code)) return `it can't be read: ${code}`;
  throw error;
}
