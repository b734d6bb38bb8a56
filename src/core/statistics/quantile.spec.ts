import { expect, it } from 'vitest';
import { quantile } from './quantile.ts';

it('lies linearly between order statistics', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([], 0.5)).toBeNaN();
});
