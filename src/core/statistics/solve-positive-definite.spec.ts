import { describe, expect, it } from 'vitest';
import { factorInPlace, multiplySymmetric, solveFactored } from './solve-positive-definite.ts';

describe('Cholesky on packed triangles', () => {
  it('solves a system worked by hand', () => {
    // [[4, 2], [2, 3]] x = [10, 9] has x = [1.5, 2].
    const factor = Float64Array.of(4, 2, 3);
    expect(factorInPlace(factor, 2)).toBe(true);
    const vector = Float64Array.of(10, 9);
    solveFactored(factor, 2, vector);
    expect(vector[0]).toBeCloseTo(1.5, 12);
    expect(vector[1]).toBeCloseTo(2, 12);
  });

  it('refuses what is not positive definite', () => {
    expect(factorInPlace(Float64Array.of(1, 2, 1), 2)).toBe(false);
  });

  it('multiplies by the whole symmetric matrix', () => {
    const out = new Float64Array(2);
    multiplySymmetric(Float64Array.of(4, 2, 3), 2, Float64Array.of(1.5, 2), out);
    expect([...out]).toEqual([10, 9]);
  });
});
