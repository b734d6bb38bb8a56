/** The name of our session at the broker, kept in the data folder: one a process, the same after a restart. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export async function readClientId(dataFolder: string): Promise<string> {
  const file = path.join(dataFolder, 'mqtt-client-id');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const clientId = `spanwatch-${randomBytes(6).toString('hex')}`;
  await writeFile(file, `${clientId}\n`);
  return clientId;
}
