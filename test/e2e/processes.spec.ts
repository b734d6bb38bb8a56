/** Starts the built command as a person would, and holds it to what it promises about ending. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spanwatchCommand } from '../../src/platform/project-root.ts';
import { waitFor } from '../support/wait-for.ts';

const LIMIT_MS = 60_000;

interface Run {
  readonly child: ChildProcess;
  output: string;
  errors: string;
}

describe('the command', () => {
  let folder = '';
  const runs: Run[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-process-'));
  });
  afterEach(async () => {
    for (const { child } of runs.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const run = (words: readonly string[], settings: Record<string, string> = {}): Run => {
    const env = {
      PATH: searchPath(),
      DATA_DIR: folder,
      PORT: '0',
      MQTT_PORT: '0',
      TFJS_BACKEND: 'wasm',
      ...settings,
    };
    const child = spawn(process.execPath, [spanwatchCommand, ...words], { env });
    const started: Run = { child, output: '', errors: '' };
    child.stdout.on('data', (data: Buffer) => (started.output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (started.errors += data.toString()));
    runs.push(started);
    return started;
  };
  const up = async (started: Run) =>
    waitFor(() => {
      if (started.child.exitCode !== null) throw new Error(`It ended: ${started.errors}`);
      return Promise.resolve(started.output.includes('Spanwatch is up'));
    }, LIMIT_MS);
  const ended = async ({ child }: Run) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends in order at %s and leaves no process behind',
    async (signal) => {
      const started = run(['start']);
      await up(started);
      started.child.kill(signal);
      expect(await ended(started)).toBe(0);
      expect(started.output).toContain('Spanwatch has stopped');
      expect(await processesOn(folder)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'starts again on the data of one that was killed, database and all',
    async () => {
      const killed = run(['start']);
      await up(killed);
      killed.child.kill('SIGKILL');
      await ended(killed);
      const again = run(['start']);
      await up(again);
      again.child.kill('SIGTERM');
      expect(await ended(again)).toBe(0);
      expect(await processesOn(folder)).toEqual([]);
    },
    LIMIT_MS * 2,
  );

  it(
    'says in one line that the data folder is taken',
    async () => {
      const first = run(['start']);
      await up(first);
      const second = run(['start']);
      expect(await ended(second)).toBe(1);
      expect(second.errors.trim().split('\n')).toEqual([
        expect.stringContaining('set DATA_DIR to another folder'),
      ]);
      first.child.kill('SIGTERM');
      await ended(first);
    },
    LIMIT_MS,
  );

  it.each([
    ['PORT', 'set PORT'],
    ['MQTT_PORT', 'set MQTT_PORT'],
  ])(
    'says in one line that the %s is in use, and leaves nothing running',
    async (setting, advice) => {
      const occupant = createServer().listen(0, '127.0.0.1');
      await once(occupant, 'listening');
      const { port } = occupant.address() as { port: number };
      const started = run(['start'], { [setting]: String(port) });
      expect(await ended(started)).toBe(1);
      occupant.close();
      expect(started.errors.trim().split('\n')).toEqual([expect.stringContaining(advice)]);
      expect(await processesOn(folder)).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each([
    [['start'], { PORT: 'eighty', ROLES: 'clerk' }, /PORT=eighty.*ROLES=clerk/],
    [['strat'], {}, /unknown command 'strat'/],
    [['simulate'], {}, /--out/],
  ])('ends with 2 when it is misused: %j', async (words, settings, message) => {
    const started = run(words, settings);
    expect(await ended(started)).toBe(2);
    expect(started.errors).toMatch(message);
  });
});

function searchPath(): string {
  return ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
}

/** Command lines of processes that work on a folder. */
async function processesOn(folder: string): Promise<string[]> {
  const ps = spawn('ps', ['-eo', 'args']);
  let list = '';
  ps.stdout.on('data', (data: Buffer) => (list += data.toString()));
  await once(ps, 'close');
  return list.split('\n').filter((line) => line.includes(folder));
}
