/** Clusters stay whole where they should, and are torn where the point is to show what that hides. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { splitDataset } from './split-dataset.ts';

const names = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, '0')}.jpg`);
const clusters = names.map((_, index) => Math.floor(index / 4));
const sidesOf = (validation: readonly string[]) =>
  new Set(clusters.filter((_, index) => validation.includes(names[index]!))).size;

describe('splitDataset', () => {
  it('keeps clusters whole and meets the share', () => {
    const { train, validation } = splitDataset(createRandom(1), names, clusters, 'cluster', 0.2);
    expect(validation).toHaveLength(20);
    expect(sidesOf(validation)).toBe(5);
    expect([...train, ...validation].sort()).toEqual(names);
  });

  it('tears clusters apart at random', () => {
    const { validation } = splitDataset(createRandom(1), names, clusters, 'random', 0.2);
    expect(validation).toHaveLength(20);
    expect(sidesOf(validation)).toBeGreaterThan(10);
  });

  it('is the same for the same seed, and another for another', () => {
    const split = (seed: number) => splitDataset(createRandom(seed), names, clusters, 'cluster', 0.2);
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });
});
