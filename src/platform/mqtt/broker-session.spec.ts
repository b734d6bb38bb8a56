/** Each process gets a session of its own, and finds it again after a restart. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeBrokerSession } from './broker-session.ts';

const newFolder = () => mkdtemp(path.join(tmpdir(), 'spanwatch-session-'));

describe('takeBrokerSession', () => {
  it('gives two at a time two names, and the freed one again', async () => {
    const folder = await newFolder();
    const first = await takeBrokerSession(folder);
    const second = await takeBrokerSession(folder);
    expect(second.clientId).not.toBe(first.clientId);
    await first.release();
    expect((await takeBrokerSession(folder)).clientId).toBe(first.clientId);
  });

  it('takes over the session of a process that was killed', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'mqtt-client-id'), 'of-the-dead\n');
    await writeFile(
      path.join(folder, 'mqtt-client-id.lock'),
      JSON.stringify({ pid: 999_999_999, startedAt: '1' }),
    );
    expect((await takeBrokerSession(folder)).clientId).toBe('of-the-dead');
  });
});
