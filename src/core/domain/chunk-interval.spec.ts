/** Chunks are as long as a quarter of memory allows, and never too short or too long to be of use. */
import { describe, expect, it } from 'vitest';
import { chunkIntervalHours } from './chunk-interval.ts';

const GIGABYTE = 2 ** 30;

describe('chunkIntervalHours', () => {
  it('is the longest step of which a quarter of memory holds the rows', () => {
    // 1,000 sensors a minute: 1.44 million rows or 230 MB a day; 1 GB holds 4.7 days.
    const load = { rowsPerDay: 1_440_000, bytesPerRow: 160, memoryBytes: 4 * GIGABYTE };
    expect(chunkIntervalHours(load)).toBe(48);
    expect(chunkIntervalHours({ ...load, memoryBytes: 8 * GIGABYTE })).toBe(7 * 24);
    expect(chunkIntervalHours({ ...load, rowsPerDay: 100 * load.rowsPerDay })).toBe(1);
  });

  it('stays between an hour and a month', () => {
    expect(chunkIntervalHours({ rowsPerDay: 1e12, bytesPerRow: 160, memoryBytes: GIGABYTE })).toBe(1);
    expect(chunkIntervalHours({ rowsPerDay: 10, bytesPerRow: 160, memoryBytes: GIGABYTE })).toBe(720);
  });
});
