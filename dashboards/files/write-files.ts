/** Writes generated files into a folder, and takes away what an earlier run left there and is no longer made. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface WrittenFiles {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Folders that hold nothing but generated files. */
const OURS = ['dashboards', 'dashboards-v2', 'provisioning'];

export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<WrittenFiles> {
  let written = 0;
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    // Grafana reads a dashboard again whenever its file changes.
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    written += 1;
  }
  const stale = (await filesIn(folder)).filter((name) => !files.has(name));
  for (const name of stale) await rm(path.join(folder, name));
  return { written, unchanged: files.size - written, removed: stale.length };
}

/** Only files with our names: a folder that Grafana shares with others keeps theirs. */
async function filesIn(folder: string): Promise<string[]> {
  const lists = await Promise.all(
    OURS.map(async (name) => {
      const entries = await readdir(path.join(folder, name), { recursive: true }).catch(() => []);
      return entries.map((entry) => path.posix.join(name, entry.split(path.sep).join('/')));
    }),
  );
  return lists.flat().filter((name) => /(^|\/)spanwatch[^/]*\.(json|yaml)$/.test(name));
}
