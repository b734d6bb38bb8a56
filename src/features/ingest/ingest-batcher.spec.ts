import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IngestBatcher } from './ingest-batcher.ts';

/** A write that is decided by the test. */
interface Attempt {
  readonly items: readonly string[];
  succeed(): void;
  fail(): void;
}

describe('ingest batcher', () => {
  let attempts: Attempt[] = [];
  let events: string[] = [];
  let batcher: IngestBatcher<string>;

  beforeEach(() => {
    vi.useFakeTimers();
    attempts = [];
    events = [];
    batcher = makeBatcher(1);
  });

  const makeBatcher = (lanes: number) =>
    new IngestBatcher<string>({
      maxSize: 5,
      maxDelayMs: 50,
      lanes,
      sizeOf: (item) => item.length,
      write: (items) =>
        new Promise((resolve, reject) => {
          attempts.push({
            items: [...items],
            succeed: () => resolve(),
            fail: () => reject(new Error('no database')),
          });
        }),
      onStalled: (error, waiting) => events.push(`stalled with ${waiting}: ${(error as Error).message}`),
      onRecovered: (ms) => events.push(`recovered after ${ms} ms`),
    });

  afterEach(() => vi.useRealTimers());

  const written = () => attempts.map(({ items }) => items.join(' '));

  it('waits for more until the first has waited long enough', async () => {
    batcher.add('a');
    await vi.advanceTimersByTimeAsync(30);
    batcher.add('b');
    await vi.advanceTimersByTimeAsync(19);
    expect(written()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(written()).toEqual(['a b']);
  });

  it('does not wait when a batch is full', () => {
    batcher.add('abc');
    batcher.add('de');
    expect(written()).toEqual(['abc de']);
  });

  it('writes one batch at a time, in order, none larger than allowed', async () => {
    for (const item of ['abcde', 'fgh', 'i', 'jk', 'l']) batcher.add(item);
    expect(written()).toEqual(['abcde']);
    attempts[0]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['abcde', 'fgh i']);
    attempts[1]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['abcde', 'fgh i', 'jk l']);
  });

  it('begins a second batch beside the first only when it is full, and leaves the rest to gather', async () => {
    batcher = makeBatcher(2);
    for (const item of ['abcde', 'f', 'g']) batcher.add(item);
    expect(written()).toEqual(['abcde']);
    for (const item of ['hij', 'klmno', 'p']) batcher.add(item);
    expect(written()).toEqual(['abcde', 'f g hij']);
    attempts[1]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['abcde', 'f g hij', 'klmno']);
    attempts[2]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written().length).toBe(3);
    attempts[0]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written().at(-1)).toBe('p');
    attempts[3]?.succeed();
    expect(await batcher.drain(1000)).toBe(true);
  });

  it('leaves nothing behind when two batches end in the same moment', async () => {
    batcher = makeBatcher(2);
    for (const item of ['abcde', 'fghij', 'k']) batcher.add(item);
    attempts[0]?.succeed();
    attempts[1]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['abcde', 'fghij', 'k']);
  });

  it('begins no second batch while the first can not be written', async () => {
    batcher = makeBatcher(2);
    batcher.add('abcde');
    attempts[0]?.fail();
    await vi.advanceTimersByTimeAsync(0);
    batcher.add('fghij');
    expect(written()).toEqual(['abcde']);
    await vi.advanceTimersByTimeAsync(100);
    attempts[1]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['abcde', 'abcde', 'fghij']);
  });

  it('writes an item alone that is larger than a batch', async () => {
    batcher.add('a');
    batcher.add('bcdefghij');
    expect(written()).toEqual(['a']);
    attempts[0]?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(written()).toEqual(['a', 'bcdefghij']);
  });

  it('writes the same batch again after growing pauses, and tells the transitions only', async () => {
    batcher.add('abcde');
    batcher.add('f');
    for (const pause of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      attempts.at(-1)?.fail();
      const count = attempts.length;
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(attempts.length).toBe(count);
      await vi.advanceTimersByTimeAsync(1);
      expect(attempts.length).toBe(count + 1);
      expect(batcher.stalled).toBe(true);
    }
    attempts.at(-1)?.succeed();
    await vi.advanceTimersByTimeAsync(0);
    expect(batcher.stalled).toBe(false);
    expect(new Set(written().slice(0, -1))).toEqual(new Set(['abcde']));
    expect(written().at(-1)).toBe('f');
    expect(events).toEqual(['stalled with 2: no database', 'recovered after 16300 ms']);
  });

  it('drains what waits without waiting for its time', async () => {
    batcher.add('a');
    const drained = batcher.drain(1000);
    attempts[0]?.succeed();
    expect(await drained).toBe(true);
    expect(written()).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says so when it can not drain in time, and does not try again', async () => {
    batcher.add('abcde');
    const drained = batcher.drain(1000);
    attempts[0]?.fail();
    await vi.advanceTimersByTimeAsync(150);
    attempts[1]?.fail();
    await vi.advanceTimersByTimeAsync(1000);
    attempts[2]?.fail();
    expect(await drained).toBe(false);
    const count = attempts.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts.length).toBe(count);
  });
});
