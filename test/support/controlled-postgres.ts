/** A PostgreSQL of the test's own, to be stopped and frozen at will. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { findFreePort } from './ports.ts';

export class ControlledPostgres {
  private constructor(
    private readonly folder: string,
    readonly port: number,
    private server: EmbeddedPostgres,
  ) {}

  /** Migrated. @param folder of its data; its log lies beside it */
  static async start(folder: string): Promise<ControlledPostgres> {
    const port = await findFreePort();
    const server = await startEmbeddedPostgres(folder, port);
    await migrate(server.url, migrationsFolder);
    return new ControlledPostgres(folder, port, server);
  }

  /** @param port of a way to it that is not its own */
  url(port = this.port): string {
    const url = new URL(this.server.url);
    url.port = String(port);
    return url.toString();
  }

  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url() });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** As at a power cut: nothing is written down, and recovery has to do it. */
  async stopAtOnce(): Promise<void> {
    const pid = await this.pid();
    if (pid === null) return;
    process.kill(pid, 'SIGQUIT');
    while (isAlive(pid)) await sleep(20);
  }

  /** Does nothing where it runs. */
  async startAgain(): Promise<void> {
    const pid = await this.pid();
    if (pid === null || !isAlive(pid)) this.server = await startEmbeddedPostgres(this.folder, this.port);
  }

  /** @returns lets it go on */
  async freeze(): Promise<() => void> {
    const pid = await this.pid();
    if (pid === null) return () => {};
    const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    const pids = [pid, ...stdout.trim().split('\n').filter(Boolean).map(Number)];
    signalAll(pids, 'SIGSTOP');
    return () => signalAll(pids, 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  async log(): Promise<string> {
    return readFile(path.join(path.dirname(this.folder), 'postgres.log'), 'utf8');
  }

  /** Null where no server has the folder. */
  private async pid(): Promise<number | null> {
    const file = await readFile(path.join(this.folder, 'postmaster.pid'), 'utf8').catch(() => null);
    return file === null ? null : Number(file.split('\n')[0]);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It may have ended meanwhile.
    }
  }
}
