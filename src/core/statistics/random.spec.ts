import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

const COUNT = 200_000;

function moments(draw: () => number): { mean: number; variance: number; skew: number; kurtosis: number } {
  const values = Float64Array.from({ length: COUNT }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
  const central = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / COUNT;
  const variance = central(2);
  return { mean, variance, skew: central(3) / variance ** 1.5, kurtosis: central(4) / variance ** 2 };
}

/** Four standard errors of the statistic of COUNT draws. */
const within = (standardDeviation: number) => (4 * standardDeviation) / Math.sqrt(COUNT);

describe('createRandom', () => {
  it('spreads uniform numbers evenly over 0..1', () => {
    const random = createRandom(1);
    const { mean, variance, kurtosis } = moments(() => random.uniform());
    expect(Math.abs(mean - 0.5)).toBeLessThan(within(Math.sqrt(1 / 12)));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(within(Math.sqrt(1 / 180)));
    expect(Math.abs(kurtosis - 1.8)).toBeLessThan(0.02);
  });

  it('gives normal numbers the first four moments of the normal distribution', () => {
    const random = createRandom(2);
    const { mean, variance, skew, kurtosis } = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(within(1));
    expect(Math.abs(variance - 1)).toBeLessThan(within(Math.sqrt(2)));
    expect(Math.abs(skew)).toBeLessThan(within(Math.sqrt(6)));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(within(Math.sqrt(24)));
  });

  it('repeats itself for a seed and differs for another', () => {
    const draw = (seed: number | string) =>
      [createRandom(seed)].flatMap((random) => Array.from({ length: 8 }, () => random.uniform()));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('forks by name, whatever was drawn before', () => {
    const fresh = createRandom(3);
    const used = createRandom(3);
    for (let draws = 0; draws < 5; draws++) used.normal();
    expect(used.fork('wind').uniform()).toBe(fresh.fork('wind').uniform());
    expect(fresh.fork('wind').uniform()).not.toBe(fresh.fork('rain').uniform());
  });

  it('forks that are not correlated', () => {
    const left = createRandom(4).fork('a');
    const right = createRandom(4).fork('b');
    let product = 0;
    for (let draw = 0; draw < COUNT; draw++) product += left.normal() * right.normal();
    expect(Math.abs(product / COUNT)).toBeLessThan(within(1));
  });
});
