/**
 * Takes photographs in from a folder that others put them into. One that was taken in is moved to `done`, one that can't
 * be to `refused` with the reason beside it. Nothing is remembered between runs: what still lies there is yet to come.
 */
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/domain/failure.ts';
import type { Logger } from '../../../platform/ops/logger.ts';
import { walkFiles, type WalkedFile } from '../../../platform/blobs/walk-files.ts';
import type { ImageIntake } from '../intake/image-intake.ts';

const [DONE, REFUSED] = ['done', 'refused'];
/** What programs call a file that they still write. */
const UNFINISHED = /^\.|~$|\.(part|partial|tmp|temp|crdownload|filepart|download)$/i;
const FORBIDDEN = ['EACCES', 'EPERM', 'EIO', 'EROFS'];
/** A copy over a network may pause: a file that can't be read is refused only when it has rested for so long. */
const PATIENCE_MS = 60_000;

interface Look {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sinceMs: number;
}

export class WatchedFolder {
  private looks = new Map<string, Look>();
  private unreadable = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly intake: Pick<ImageIntake, 'acceptCopy'>,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    private readonly patienceMs: number = PATIENCE_MS,
  ) {}

  /**
   * One look at the folder: a file that is as it was at the last look is complete.
   *
   * @throws Unavailable when photographs must wait, and what the file system says when the folder can't be read
   */
  async look(signal: AbortSignal): Promise<void> {
    const seen = new Map<string, Look>();
    const isSkipped = (name: string, depth: number) =>
      UNFINISHED.test(name) || (depth === 0 && (name === DONE || name === REFUSED));
    try {
      for await (const file of walkFiles(this.folder, isSkipped)) {
        if (signal.aborted) return;
        if (file.isPlain) await this.lookAt(file, seen);
      }
    } finally {
      this.looks = seen;
    }
  }

  private async lookAt(file: WalkedFile, seen: Map<string, Look>): Promise<void> {
    const found = await stat(file.path).catch(() => null); // another process may have taken it
    if (!found) return;
    const { size, mtimeMs } = found;
    const before = this.looks.get(file.relative);
    const isAsBefore = before !== undefined && before.size === size && before.mtimeMs === mtimeMs;
    const sinceMs = isAsBefore ? before.sinceMs : Date.now();
    seen.set(file.relative, { size, mtimeMs, sinceMs });
    if (!isAsBefore) return;
    try {
      const fileName = path.basename(file.relative);
      const { imageId } = await this.intake.acceptCopy({ path: file.path, fileName, flightId: null });
      await this.moveTo(DONE, file);
      this.logger.info({ file: file.relative, imageId }, 'took a photograph in from the watched folder');
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return; // another process was quicker
      if (FORBIDDEN.includes(code)) return this.passOver(file, code);
      if (!(error instanceof BadInput)) throw error;
      if (Date.now() - sinceMs < this.patienceMs) return;
      const moved = await this.moveTo(REFUSED, file);
      await writeFile(`${moved}.reason.txt`, `${error.message}\n`);
      this.logger.warn(
        { file: file.relative, reason: error.message },
        'refused a file of the watched folder',
      );
    }
  }

  /** One file that may not be read, or moved, keeps no other from being taken in; told once. */
  private passOver({ relative }: WalkedFile, code: string): void {
    if (this.unreadable.has(relative)) return;
    this.unreadable.add(relative);
    this.logger.warn({ file: relative, code }, "a file of the watched folder can't be read or moved");
  }

  /** Under its own name where that is free. */
  private async moveTo(place: string, { path: from, relative }: WalkedFile): Promise<string> {
    const { dir, name, ext } = path.parse(path.join(this.folder, place, relative));
    await mkdir(dir, { recursive: true });
    for (let copy = 1; ; copy++) {
      const target = path.join(dir, copy === 1 ? `${name}${ext}` : `${name} (${copy})${ext}`);
      if (await stat(target).catch(() => null)) continue;
      await rename(from, target);
      return target;
    }
  }
}
