import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import {
  factorInPlace,
  packedIndex,
  solveFactored,
} from '../../../core/statistics/solve-positive-definite.ts';
import { ContextRegression } from './context-regression.ts';
import { chooseTimescales } from './timescales.ts';

const SIZE = 4;
const STEP_HOURS = 1;
const COUNT = 400;

describe('ContextRegression', () => {
  it('equals the closed-form weighted ridge solution at every refit', () => {
    // Refits fall on every step here, so that the comparison needs no bookkeeping of its own.
    const timescales = { ...chooseTimescales(1, 24 * 60), refitHours: STEP_HOURS, priorReadings: 20 };
    const random = createRandom(5);
    const gram = new Float32Array(packedIndex(SIZE, 0));
    for (let i = 1; i < SIZE; i++) gram[packedIndex(i, i)] = 1;
    const coefficients = Float32Array.from([0, 0.5, -0.2, 0.1]);
    const regression = new ContextRegression(SIZE, 1, { gram, coefficients }, timescales);
    const state = new Float32Array(regression.stateSize);
    regression.initialise(state);

    const rows: Float64Array[] = [];
    const targets: number[] = [];
    const weights: number[] = [];
    for (let i = 0; i < COUNT; i++) {
      const x = Float64Array.from([1, random.normal(), random.normal(), random.normal()]);
      const y = 3 + 0.8 * x[1]! - 0.5 * x[2]! + 0.3 * random.normal();
      if (i === 0) regression.startLevel(state, 0, x, y);
      const weight = 0.5 + random.uniform();
      const residual = y - regression.predict(state, 0, x);
      regression.learn(state, x, Float64Array.of(residual), Float64Array.of(weight), STEP_HOURS);
      weights.push(weight);
      rows.push(x);
      targets.push(y);
    }

    const matrix = Float64Array.from(gram, (value) => timescales.priorReadings * value);
    const solution = Float64Array.from(coefficients, (value, i) =>
      i === 0 ? 0 : timescales.priorReadings * value,
    );
    for (const [i, x] of rows.entries()) {
      const weight = weights[i]! * Math.exp((-(COUNT - 1 - i) * STEP_HOURS) / timescales.forgettingHours);
      for (let row = 0; row < SIZE; row++) {
        solution[row] = solution[row]! + weight * x[row]! * targets[i]!;
        for (let column = 0; column <= row; column++) {
          const at = packedIndex(row, column);
          matrix[at] = matrix[at]! + weight * x[row]! * x[column]!;
        }
      }
    }
    expect(factorInPlace(matrix, SIZE)).toBe(true);
    solveFactored(matrix, SIZE, solution);
    for (let i = 0; i < SIZE; i++) {
      const unit = new Float64Array(SIZE);
      unit[i] = 1;
      // Sums are float32: 400 additions keep a relative error of about 1e-5.
      expect(regression.predict(state, 0, unit)).toBeCloseTo(solution[i]!, 4);
    }
  });

  it('does not move a channel that is missing', () => {
    const timescales = chooseTimescales(1, 24 * 60);
    const prior = { gram: new Float32Array(3), coefficients: Float32Array.from([0, 2]) };
    const regression = new ContextRegression(2, 1, prior, timescales);
    const state = new Float32Array(regression.stateSize);
    regression.initialise(state);
    const x = Float64Array.of(1, 1);
    regression.startLevel(state, 0, x, 5);
    for (let i = 0; i < 100; i++) regression.learn(state, x, Float64Array.of(NaN), Float64Array.of(1), 1);
    expect(regression.predict(state, 0, x)).toBeCloseTo(5, 5);
  });
});
