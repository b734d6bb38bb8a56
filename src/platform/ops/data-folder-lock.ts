/** One platform a data folder: two would start two databases on the same files. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Unavailable } from '../../core/domain/failure.ts';

export interface DataFolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder, made when it is not there. A lock whose holder no longer lives is taken over.
 *
 * @throws Unavailable when another process holds it, or the folder can't be written
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  const file = path.join(folder, 'spanwatch.lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: await processStart(process.pid) });
  try {
    await mkdir(folder, { recursive: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      const taken = await writeFile(file, mine, { flag: 'wx' }).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (taken) return { release: () => rm(file, { force: true }) };
      await removeUnlessHeld(file, folder);
    }
  } catch (cause) {
    if (cause instanceof Unavailable) throw cause;
    throw new Unavailable(
      'data-folder',
      `The data folder ${folder} can't be used: ${(cause as Error).message}. Set DATA_DIR to a folder that can be written.`,
      {},
      { cause },
    );
  }
  throw new Unavailable(
    'data-folder-locked',
    `Another process is taking the data folder ${folder}: try again.`,
  );
}

async function removeUnlessHeld(file: string, folder: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder && holder.startedAt !== null && (await processStart(holder.pid)) === holder.startedAt) {
    throw new Unavailable(
      'data-folder-locked',
      `Spanwatch already runs on ${folder} (process ${holder.pid}): stop it, or set DATA_DIR to another folder.`,
    );
  }
  await rm(file, { force: true });
}

async function readHolder(file: string): Promise<{ pid: number; startedAt: string | null } | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { pid: number; startedAt: string | null };
  } catch {
    return null;
  }
}

/** When a process started, in ticks since boot where the system tells (Linux): a reused pid is not the same process. */
async function processStart(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat !== null) {
    // The command's name, in brackets, may hold spaces; state is field 3 and start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  if (process.platform === 'linux') return null;
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return null;
  }
}
