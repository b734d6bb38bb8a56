/** A file that one living process holds; the lock of a process that was killed is taken over. */
import { readFile, rm, writeFile } from 'node:fs/promises';

export interface ProcessLock {
  release(): Promise<void>;
}

/** @returns the lock, or the id of the process that holds it (null where several take it at this moment) */
export async function takeLock(file: string): Promise<ProcessLock | { readonly heldBy: number | null }> {
  const mine = JSON.stringify({ pid: process.pid, startedAt: await processStart(process.pid) });
  for (let attempt = 0; attempt < 2; attempt++) {
    const taken = await writeFile(file, mine, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (taken) return { release: () => rm(file, { force: true }) };
    const holder = await readHolder(file);
    if (holder && holder.startedAt !== null && (await processStart(holder.pid)) === holder.startedAt) {
      return { heldBy: holder.pid };
    }
    await rm(file, { force: true });
  }
  return { heldBy: null };
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
