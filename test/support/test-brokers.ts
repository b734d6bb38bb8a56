/** The brokers that tests run against: aedes in process, and mosquitto where it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedBroker } from '../../src/platform/mqtt/embedded-broker.ts';
import { findFreePort, waitUntilOpen } from './ports.ts';

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export const mosquittoIsThere = spawnSync('mosquitto', ['-h']).error === undefined;

/** For `describe.each`: name, start on a port (0 takes a free one), whether it can be run here. */
export const testBrokers = [
  { name: 'aedes', start: startEmbeddedBroker, isThere: true },
  { name: 'mosquitto', start: startMosquitto, isThere: mosquittoIsThere },
] as const;

/** Sessions are in memory only, as with aedes. @param access who may connect and do what; left out, anyone anything */
export async function startMosquitto(
  port: number,
  access: readonly string[] = ['allow_anonymous true'],
): Promise<TestBroker> {
  const taken = port === 0 ? await findFreePort() : port;
  const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-mosquitto-'));
  const file = path.join(folder, 'mosquitto.conf');
  await writeFile(
    file,
    [`listener ${taken} 127.0.0.1`, ...access, 'max_inflight_messages 0', 'max_queued_messages 0', ''].join(
      '\n',
    ),
  );
  const server = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await waitUntilOpen(taken);
  return {
    url: `mqtt://127.0.0.1:${taken}`,
    port: taken,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
