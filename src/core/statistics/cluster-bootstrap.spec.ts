/** The interval is as wide as the data warrant: clusters count, not members. */
import { describe, expect, it } from 'vitest';
import { clusterBootstrap } from './cluster-bootstrap.ts';
import { createRandom } from './random.ts';

const mean = (values: readonly number[]) => (members: readonly number[]) =>
  members.reduce((sum, member) => sum + values[member]!, 0) / members.length;

describe('clusterBootstrap', () => {
  it('finds the interval of a mean where each member is a cluster', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 400 }, () => random.normal());
    const { lower, upper } = clusterBootstrap(
      createRandom(2),
      values.map((_, i) => i),
      mean(values),
      2000,
    );
    // 1.96 / sqrt(400) on either side; the width itself varies by a few per cent.
    expect((upper - lower) / 2).toBeGreaterThan(0.098 * 0.85);
    expect((upper - lower) / 2).toBeLessThan(0.098 * 1.15);
  });

  it('is wider where ten copies of each member make a cluster, and does not shrink with the copies', () => {
    const random = createRandom(3);
    const few = Array.from({ length: 40 }, () => random.normal());
    const copies = few.flatMap((value) => Array.from({ length: 10 }, () => value));
    const whole = clusterBootstrap(createRandom(4), few.map((_, i) => i), mean(few), 2000); // prettier-ignore
    const copied = clusterBootstrap(createRandom(4), copies.map((_, i) => Math.floor(i / 10)), mean(copies), 2000); // prettier-ignore
    expect(copied.lower).toBeCloseTo(whole.lower, 10);
    expect(copied.upper).toBeCloseTo(whole.upper, 10);
  });

  it('leaves out draws in which the figure has no meaning', () => {
    const { lower, upper } = clusterBootstrap(createRandom(5), [0, 1], (drawn) =>
      drawn.includes(0) ? 1 : NaN,
    );
    expect([lower, upper]).toEqual([1, 1]);
  });
});
