import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../../../src/core/statistics/average-precision.ts';
import { sigmoid } from '../../../../src/core/statistics/platt-scaling.ts';
import { createRandom } from '../../../../src/core/statistics/random.ts';
import { BOOSTING_DEFAULTS, GradientBoosting } from './gradient-boosting.ts';

const random = createRandom(3);
const CASES = 4000;

function drawCases() {
  const columns = Array.from({ length: 3 }, () =>
    Float32Array.from({ length: CASES }, () => random.normal()),
  );
  // Depends on the sign of a product, which no single cut can tell; the third column tells nothing.
  const chance = (at: number): number => (columns[0]![at]! * columns[1]![at]! > 0 ? 0.9 : 0.05);
  const outcomes = Uint8Array.from({ length: CASES }, (_, at) => (random.uniform() < chance(at) ? 1 : 0));
  return { columns, outcomes, chance };
}
const training = drawCases();
const test = drawCases();
const rowOf = (at: number): number[] => test.columns.map((column) => column[at]!);

describe('GradientBoosting', () => {
  it('learns an interaction of two columns, with true probabilities on cases it has not seen', () => {
    const model = GradientBoosting.fit(training.columns, training.outcomes);
    const logits = [...test.outcomes.keys()].map((at) => model.predict(rowOf(at)));
    const best = averagePrecision([...test.outcomes.keys()].map(test.chance), test.outcomes);
    expect(averagePrecision(logits, test.outcomes)).toBeGreaterThan(best - 0.03);
    const off = logits.map((logit, at) => Math.abs(sigmoid(logit) - test.chance(at)));
    expect(off.reduce((sum, one) => sum + one, 0) / CASES).toBeLessThan(0.08);
  });

  it('cannot learn it with stumps', () => {
    const model = GradientBoosting.fit(training.columns, training.outcomes, {
      ...BOOSTING_DEFAULTS,
      depth: 1,
    });
    const logits = [...test.outcomes.keys()].map((at) => model.predict(rowOf(at)));
    const share = test.outcomes.reduce((sum, one) => sum + one, 0) / CASES;
    // As good as chance, whose average precision has a standard error of about 0.01 here.
    expect(averagePrecision(logits, test.outcomes)).toBeLessThan(share + 0.05);
  });

  it('grows no cut where outcomes are all alike', () => {
    const model = GradientBoosting.fit([Float32Array.from([1, 2, 3])], Uint8Array.from([0, 0, 0]));
    expect(model.predict([-9])).toBe(model.predict([9]));
    expect(sigmoid(model.predict([2]))).toBeLessThan(0.125);
  });

  it('takes a missing value for the lowest', () => {
    const column = Float32Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? NaN : 1));
    const outcomes = Uint8Array.from(column, (value) => (Number.isNaN(value) ? 1 : 0));
    const varied = column.map((value, at) => (Number.isNaN(value) ? value : 1 + at / 400));
    const model = GradientBoosting.fit([varied], outcomes);
    expect(model.predict([NaN])).toBe(model.predict([-1e9]));
    expect(sigmoid(model.predict([1.9]))).toBeLessThan(0.1);
  });
});
