import { describe, expect, it } from 'vitest';
import { onsetPosterior } from './onset-posterior.ts';

describe('onsetPosterior', () => {
  it('spreads the onset evenly where telemetry says nothing', () => {
    const begun = onsetPosterior([0, 0, 0, 0], 1, 0);
    expect([...begun]).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('places the onset where the logits turn', () => {
    const begun = onsetPosterior([-4, -4, -4, 4, 4, 4], 1, 0.5);
    expect(begun[2]!).toBeLessThan(0.03);
    expect(begun[3]!).toBeGreaterThan(0.97);
  });

  it('believes that telemetry does not show a defect when all of it looks healthy', () => {
    const begun = onsetPosterior(new Array<number>(10).fill(-4), 0.2, 0.5);
    // By hand: visible weighs 0.05 (e^-8 + ... + e^-0.8), hidden 0.5.
    const visible = Array.from({ length: 10 }, (_, k) => 0.05 * Math.exp(-0.8 * (10 - k)));
    const sum = visible.reduce((total, value) => total + value, 0);
    expect(begun[9]!).toBeCloseTo(sum / (sum + 0.5), 10);
  });
});
