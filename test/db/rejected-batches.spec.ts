/** What is put by in a flood stays until it was taken to its end, and by one at a time. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PackedMessage } from '../../src/platform/storage/pack-messages.ts';
import { putMessagesBy, takePutBy } from '../../src/platform/storage/rejected-batches.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();

beforeEach(() => database().query('TRUNCATE rejected_batch'));

const message = (text: string): PackedMessage => ({
  receivedAt: new Date('2026-11-23T10:00:00.123Z'),
  topic: 'a\0ö',
  payload: Buffer.from(text),
});

/** @returns the payloads, or null when there was no batch */
async function take(from: Parameters<typeof takePutBy>[0] = database()): Promise<string[] | null> {
  let taken: string[] | null = null;
  await takePutBy(from, (messages) => {
    taken = messages.map(({ payload }) => Buffer.from(payload).toString());
    return Promise.resolve();
  });
  return taken;
}

describe('messages that were put by', () => {
  it('come out as they went in, the oldest first, and once', async () => {
    await putMessagesBy(database(), [message('1'), message('2')]);
    await putMessagesBy(database(), [message('3'.repeat(50_000))]);
    expect(await take()).toEqual(['1', '2']);
    expect(await take()).toEqual(['3'.repeat(50_000)]);
    expect(await take()).toBeNull();
  });

  it('stay when the work on them fails', async () => {
    await putMessagesBy(database(), [message('1')]);
    await expect(takePutBy(database(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await take()).toEqual(['1']);
  });

  it('are left to who is at them already', async () => {
    await putMessagesBy(database(), [message('1')]);
    await putMessagesBy(database(), [message('2')]);
    await takePutBy(database(), async () => {
      expect(await take()).toEqual(['2']);
      expect(await take()).toBeNull();
    });
    expect(await take()).toBeNull();
  });
});
