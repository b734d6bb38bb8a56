import { describe, expect, it } from 'vitest';
import { intervalsFromLooks, isTrusted, type Look } from './look-intervals.ts';

const look = (inspectedAt: number, defect: number): Look => ({
  sensorId: 's',
  inspectedAt,
  defect,
  kind: null,
});

describe('intervalsFromLooks', () => {
  it('takes the time before a clean look for healthy, and between clean and defect for an unknown onset', () => {
    const intervals = intervalsFromLooks([look(10, 0.1), look(20, 0.9), look(30, 0.8)]);
    expect(intervals.map(({ from, until, belief }) => [from, until, belief])).toEqual([
      [-Infinity, 10, 'healthy'],
      [10, 20, 'onset'],
      [20, 30, 'defective'],
    ]);
    expect(intervals.map(({ confidence }) => confidence)).toEqual([0.9, 0.9, 0.9 * 0.8]);
  });

  it('says nothing of the time between a defect and the clean look after its repair, nor after the last look', () => {
    const looks = [look(10, 0.9), look(20, 0.1)];
    const intervals = intervalsFromLooks(looks);
    expect(intervals.map(({ until }) => until)).toEqual([10]);
    expect(isTrusted(looks, intervals, 5)).toBe(false);
    expect(isTrusted(looks, intervals, 15)).toBe(false);
    expect(isTrusted(looks, intervals, 25)).toBe(true);
  });
});
