/** Stages follow one another without a gap, and step sizes rise, fall and rest as planned. */
import { describe, expect, it } from 'vitest';
import { training } from '../../catalogue/models/defect-detector/defaults.ts';
import { planStages, ratesAt } from './training-schedule.ts';

const epochs = { warmUp: 1, train: 6, fineTune: 2, settle: 1 };
const { learningRate } = training;

describe('planStages', () => {
  it('puts one stage after the other and ends with whole pictures', () => {
    const stages = planStages(epochs, { width: 640, height: 480 });
    expect(stages.map(({ name, first, end }) => [name, first, end])).toEqual([
      ['warm-up', 0, 1],
      ['train', 1, 7],
      ['fine-tune', 7, 9],
      ['settle', 9, 10],
    ]);
    expect(stages[2]?.window).toEqual({ width: 640, height: 480 });
  });
});

describe('ratesAt', () => {
  const at = (step: number) => ratesAt(step, 100, epochs);

  it('lets the learner rest during warm-up', () => {
    expect(at(0).learner).toBe(0);
    expect(at(99)).toEqual({ heads: learningRate.heads, learner: 0 });
  });

  it('moves at the end only the heads', () => {
    const { rampSteps, settleRate } = training;
    expect(at(950).learner).toBe(0);
    expect(at(900 + rampSteps).heads).toBeGreaterThan(0.7 * settleRate * learningRate.heads);
    expect(at(999).heads).toBeLessThan(0.011 * settleRate * learningRate.heads);
  });

  it('rises from nearly nothing when the learner joins, begins again lower, and falls to a hundredth of that', () => {
    const { fineTuneRate, rampSteps } = training;
    expect(at(100).learner).toBeLessThan(0.05 * learningRate.learner);
    expect(at(100 + rampSteps).learner).toBeGreaterThan(0.98 * learningRate.learner);
    expect(at(699).learner).toBeLessThan(0.2 * learningRate.learner);
    expect(at(700 + rampSteps).learner / learningRate.learner).toBeGreaterThan(0.9 * fineTuneRate);
    expect(at(700 + rampSteps).learner / learningRate.learner).toBeLessThan(fineTuneRate);
    expect(at(899).learner).toBeLessThan(0.011 * fineTuneRate * learningRate.learner);
    expect(at(500).heads / at(500).learner).toBeCloseTo(learningRate.heads / learningRate.learner, 10);
  });
});
