/** One platform a data folder: two would start two databases on the same files. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Unavailable } from '../../core/domain/failure.ts';
import { takeLock, type ProcessLock } from './process-lock.ts';

/**
 * Takes the folder, made when it is not there. A lock whose holder no longer lives is taken over.
 *
 * @throws Unavailable when another process holds it, or the folder can't be written
 */
export async function lockDataFolder(folder: string): Promise<ProcessLock> {
  const taken = await mkdir(folder, { recursive: true })
    .then(() => takeLock(path.join(folder, 'spanwatch.lock')))
    .catch((cause: unknown) => {
      throw new Unavailable(
        'data-folder',
        `The data folder ${folder} can't be used: ${(cause as Error).message}. Set DATA_DIR to a folder that can be written.`,
        {},
        { cause },
      );
    });
  if ('release' in taken) return taken;
  throw new Unavailable(
    'data-folder-locked',
    taken.heldBy === null
      ? `Another process is taking the data folder ${folder}: try again.`
      : `Spanwatch already runs on ${folder} (process ${taken.heldBy}): stop it, or set DATA_DIR to another folder.`,
  );
}
