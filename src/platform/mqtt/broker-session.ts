/** Names of our sessions at the broker, kept in the data folder: one a process, the same after a restart. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Unavailable } from '../../core/domain/failure.ts';
import { takeLock, type ProcessLock } from '../ops/process-lock.ts';

export interface BrokerSession extends ProcessLock {
  readonly clientId: string;
}

/** Ingest processes on one data folder: more than one machine has use for. */
const MOST_SESSIONS = 64;

/**
 * The first session of this folder that no living process uses: a process that starts again takes up the backlog of
 * the one that ended, whichever of several it was.
 */
export async function takeBrokerSession(dataFolder: string): Promise<BrokerSession> {
  for (let place = 1; place <= MOST_SESSIONS; place++) {
    const file = path.join(dataFolder, place === 1 ? 'mqtt-client-id' : `mqtt-client-id-${place}`);
    const lock = await takeLock(`${file}.lock`);
    if (!('release' in lock)) continue;
    return { clientId: await readClientId(file), release: () => lock.release() };
  }
  throw new Unavailable(
    'broker-sessions',
    `${MOST_SESSIONS} ingest processes use ${dataFolder} already: stop some, or set DATA_DIR to another folder.`,
  );
}

async function readClientId(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const clientId = `spanwatch-${randomBytes(6).toString('hex')}`;
  await writeFile(file, `${clientId}\n`);
  return clientId;
}
