/** The figures of a detector that is known to be right, wrong or silent. */
import { describe, expect, it } from 'vitest';
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { TrueObject } from '../../catalogue/models/defect-detector/training-example.ts';
import type { Detection } from '../../core/domain/detection.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import { evaluateDetector } from './evaluate-detector.ts';

const thresholds = { insulator: 0.5, joint: 0.5, broken_insulator: 0.5, failing_joint: 0.5 };
const broken: TrueObject = { category: 'insulator', defective: true, box: [0, 0, 10, 40] };
const sound: TrueObject = { category: 'insulator', defective: false, box: [50, 0, 60, 40] };
const joint: TrueObject = { category: 'joint', defective: false, box: [0, 60, 40, 70] };

function evaluate(detections: Detection[], objects: TrueObject[], pictures = 1) {
  const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
  const inspection = { inspect: () => Promise.resolve(detections) } as unknown as LineInspection;
  const picture = { name: 'drawn', read: () => Promise.resolve({ pixels, objects }) };
  return evaluateDetector(inspection, thresholds, new Array(pictures).fill(picture), ignoreProgress);
}

const seen = (category: string, score: number, bbox: Detection['bbox']): Detection => ({
  category,
  score,
  bbox,
});
const right = [
  seen('insulator', 0.9, [0, 0, 10, 40]),
  seen('insulator', 0.9, [50, 0, 10, 40]),
  seen('joint', 0.9, [0, 60, 40, 10]),
  seen('broken_insulator', 0.9, [0, 0, 10, 40]),
];

describe('evaluateDetector', () => {
  it('gives full marks to one that sees all and invents nothing', async () => {
    const figures = await evaluate(right, [broken, sound, joint]);
    expect(figures.categories.insulator.averagePrecision50).toBe(1);
    expect(figures.categories.broken_insulator.averagePrecision50).toBe(1);
    expect(figures.categories.failing_joint.averagePrecision50).toBeNull();
    expect(figures.defectRecall).toMatchObject({ count: 1, of: 1, share: 1 });
    expect(figures.falseDefectsPerHealthyObject).toMatchObject({ count: 0, of: 2, share: 0 });
  });

  it('counts a defect on a sound object as false, and one below the threshold as missed', async () => {
    const detections = [
      ...right.slice(0, 3),
      seen('broken_insulator', 0.8, [50, 0, 10, 40]),
      seen('broken_insulator', 0.4, [0, 0, 10, 40]),
    ];
    const figures = await evaluate(detections, [broken, sound, joint]);
    expect(figures.defectRecall).toMatchObject({ count: 0, of: 1 });
    expect(figures.falseDefectsPerHealthyObject).toMatchObject({ count: 1, of: 2 });
    // Found second of two: precision 1/2 at its recall.
    expect(figures.categories.broken_insulator.averagePrecision50).toBeCloseTo(0.5, 12);
  });

  it('counts what was never found as precision nought', async () => {
    const figures = await evaluate(right.slice(0, 1), [broken, sound, joint]);
    expect(figures.categories.insulator.averagePrecision50).toBeCloseTo(0.5, 12);
    expect(figures.categories.joint.averagePrecision50).toBe(0);
  });

  it('finds out that certain statements which come true half of the time are not calibrated', async () => {
    const detections = [
      seen('broken_insulator', 0.95, [0, 0, 10, 40]),
      seen('broken_insulator', 0.95, [50, 0, 10, 40]),
    ];
    const figures = await evaluate(detections, [broken, sound], 40);
    expect(figures.defectCalibration.error).toBeCloseTo(0.45, 12);
    expect(figures.defectCalibration.pValue).toBe(0.001);
  });
});
