/** The database for those who have none: a real PostgreSQL, started and stopped with the platform. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chown, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { Broken, Unavailable } from '../../core/domain/failure.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { chooseLauncher, type Launcher } from './unprivileged.ts';

const USER = 'spanwatch';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

export interface EmbeddedPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on 127.0.0.1 with its data in `folder`, which is made when it is not there.
 *
 * A server left behind by a killed process is stopped first: its data are safe, PostgreSQL recovers them.
 *
 * @param port 0 takes a free one
 */
export async function startEmbeddedPostgres(folder: string, port = 0): Promise<EmbeddedPostgres> {
  const binaries = await findPostgresBinaries();
  const launcher = chooseLauncher();
  await mkdir(path.dirname(folder), { recursive: true });
  await stopLeftover(folder);
  if (!(await isInitialised(folder))) await initialise(folder, binaries, launcher);
  const chosenPort = port === 0 ? await findFreePort() : port;
  const server = await launch(folder, chosenPort, binaries, launcher);
  const url = `postgresql://${USER}@127.0.0.1:${chosenPort}/${USER}`;
  await waitUntilReady(server, chosenPort, folder);
  await createDatabase(chosenPort);
  return { url, stop: () => stop(server) };
}

/** PG_VERSION is written early, our own mark last: an interrupted initdb leaves no mark and is done again. */
const INITIALISED = 'spanwatch-initialised';

async function isInitialised(folder: string): Promise<boolean> {
  return stat(path.join(folder, INITIALISED)).then(
    () => true,
    () => false,
  );
}

async function initialise(folder: string, binaries: PostgresBinaries, launcher: Launcher): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (launcher.owner) await chown(folder, launcher.owner.uid, launcher.owner.gid);
  const words = [
    binaries.initdb,
    '-D',
    folder,
    '-U',
    USER,
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const [command = '', ...rest] = [...launcher.prefix, ...words];
  const done = spawnSync(command, rest, { encoding: 'utf8' });
  if (done.status !== 0) {
    await rm(folder, { recursive: true, force: true });
    const reason = (done.stderr || String(done.error)).trim().split('\n').at(-1);
    throw new Broken('initdb-failed', `Can't make a database in ${folder}: ${reason}`);
  }
  await (await open(path.join(folder, INITIALISED), 'w')).close();
}

async function launch(
  folder: string,
  port: number,
  binaries: PostgresBinaries,
  launcher: Launcher,
): Promise<ChildProcess> {
  const log = await open(path.join(path.dirname(folder), 'postgres.log'), 'a');
  const configuration = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Three hundred tests and a demo on one machine: modest memory, and WAL that isn't checkpointed every minute.
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    max_connections: '60',
  };
  const options = Object.entries(configuration).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const words = [binaries.postgres, '-D', folder, '-p', String(port), ...options];
  const [command = '', ...rest] = [...launcher.prefix, ...words];
  // A group of its own: Ctrl-C reaches us first, and we stop the database last.
  const server = spawn(command, rest, { stdio: ['ignore', log.fd, log.fd], detached: true });
  await log.close();
  return server;
}

async function waitUntilReady(server: ChildProcess, port: number, folder: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) throw await startFailure(folder);
    if (await answers(port)) return;
    await sleep(50);
  }
  server.kill('SIGKILL');
  throw new Unavailable('postgres-slow', `PostgreSQL did not answer within ${START_LIMIT_MS / 1_000} s.`);
}

async function startFailure(folder: string): Promise<Broken> {
  const log = path.join(path.dirname(folder), 'postgres.log');
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  const fatal = lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1) ?? '';
  return new Broken('postgres-start', `PostgreSQL did not start: ${fatal} (see ${log})`);
}

function adminClient(port: number): pg.Client {
  return new pg.Client({ host: '127.0.0.1', port, user: USER, database: 'postgres' });
}

async function answers(port: number): Promise<boolean> {
  const client = adminClient(port);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(port: number): Promise<void> {
  const client = adminClient(port);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [USER]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${USER}`);
  } finally {
    await client.end();
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything committed is written.
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}

/** Stops a server whose platform was killed; the pid file outlives both, so the pid alone proves nothing. */
async function stopLeftover(folder: string): Promise<void> {
  const pidFile = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pidLine = '', , , portLine = ''] = pidFile.split('\n');
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0 || !(await servesFolder(Number(portLine), folder))) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_LIMIT_MS;
  // It stops answering before it ends, and until then its lock file keeps a new server from starting.
  while (Date.now() < deadline && isAlive(pid)) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function servesFolder(port: number, folder: string): Promise<boolean> {
  const client = adminClient(port);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    await client.end();
    return rows[0]?.data_directory === folder;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
