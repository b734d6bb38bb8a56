import { describe, expect, it } from 'vitest';
import type { Detection } from './detection.ts';
import { objectsInView } from './visibility.ts';

const seen = (category: string, score: number): Detection => ({ category, score, bbox: [0, 0, 10, 10] });

describe('the objects in view', () => {
  it('are those that the detector is surer of than not, each once', () => {
    const detections = [seen('insulator', 0.9), seen('insulator', 0.7), seen('joint', 0.4)];
    expect(objectsInView(detections, null, [])).toEqual(['insulator']);
  });

  it('are too small from afar to be called sound', () => {
    const detections = [seen('insulator', 0.9), seen('joint', 0.9)];
    expect(objectsInView(detections, 5, [])).toEqual(['insulator', 'joint']);
    expect(objectsInView(detections, 7, [])).toEqual(['insulator']);
    expect(objectsInView(detections, 30, [])).toEqual([]);
  });

  it.each(['blurred', 'dark', 'over-exposed'] as const)('are none on a photograph that is %s', (flag) => {
    const detections = [seen('insulator', 0.9), seen('joint', 0.9)];
    expect(objectsInView(detections, 5, [flag])).toEqual([]);
  });
});
