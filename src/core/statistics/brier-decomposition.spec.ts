import { describe, expect, it } from 'vitest';
import { addCase, decomposeBrier, emptyBrierSums } from './brier-decomposition.ts';

function of(cases: readonly (readonly [bin: number, probability: number, outcome: number])[]) {
  const sums = emptyBrierSums(3);
  for (const [bin, probability, outcome] of cases) addCase(sums, bin, probability, outcome);
  return sums;
}

describe('decomposeBrier', () => {
  it('gives parts that make up the score where a bin has one probability', () => {
    const sums = of([
      [0, 0.1, 0],
      [0, 0.1, 1],
      [1, 0.6, 1],
      [1, 0.6, 0],
      [1, 0.6, 1],
      [2, 0.9, 1],
    ]);
    const { score, reliability, resolution, uncertainty } = decomposeBrier([{ sums, weight: 1 }]);
    // By hand: (0.01 + 0.81 + 0.16 + 0.36 + 0.16 + 0.01) / 6.
    expect(score).toBeCloseTo(1.51 / 6, 12);
    expect(reliability - resolution + uncertainty).toBeCloseTo(score, 12);
    expect(uncertainty).toBeCloseTo((4 / 6) * (2 / 6), 12);
  });

  it('finds calibrated probabilities reliable, and a constant one without resolution', () => {
    const calibrated = of([
      [1, 0.5, 0],
      [1, 0.5, 1],
    ]);
    expect(decomposeBrier([{ sums: calibrated, weight: 1 }])).toEqual({
      score: 0.25,
      reliability: 0,
      resolution: 0,
      uncertainty: 0.25,
    });
  });

  it('weighs groups as if their cases were repeated', () => {
    const one = of([[0, 0.1, 0]]);
    const other = of([[2, 0.8, 0]]);
    const repeated = of([
      [0, 0.1, 0],
      [2, 0.8, 0],
      [2, 0.8, 0],
    ]);
    expect(
      decomposeBrier([
        { sums: one, weight: 1 },
        { sums: other, weight: 2 },
      ]),
    ).toEqual(decomposeBrier([{ sums: repeated, weight: 1 }]));
  });
});
