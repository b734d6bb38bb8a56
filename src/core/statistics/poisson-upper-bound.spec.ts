import { expect, it } from 'vitest';
import { poissonUpperBound } from './poisson-upper-bound.ts';

it.each([
  [0, 2.9957],
  [1, 4.7439],
  [2, 6.2958],
  [5, 10.513],
  [10, 16.962],
])('bounds a count of %d by the tabled %d at 95 %%', (count, bound) => {
  expect(poissonUpperBound(count, 0.95)).toBeCloseTo(bound, 3);
});
