import { describe, expect, it } from 'vitest';
import type { Detection } from './detection.ts';
import { findingsOf as findingsOfKinds } from './finding.ts';
import { objectsInView } from './visibility.ts';

const seen = (category: string, score: number): Detection => ({ category, score, bbox: [0, 0, 10, 10] });

const findingsOf = (detections: readonly Detection[], kinds = ['broken_insulator', 'failing_joint']) =>
  findingsOfKinds(detections, kinds, new Set(objectsInView(detections, null, [])));

describe('findings of a tower', () => {
  it('tell of a defect that the detector was taught beyond the usual ones, never of its absence', () => {
    const kinds = ['broken_insulator', 'burnt_clamp'];
    expect(findingsOf([seen('clamp', 0.9), seen('burnt_clamp', 0.4)], kinds)).toEqual([]);
    expect(findingsOf([seen('burnt_clamp', 0.9)], kinds)).toEqual([
      { kind: 'burnt_clamp', outcome: 'defect', probability: 0.9 },
    ]);
  });

  it('say nothing about objects that were not in view', () => {
    expect(findingsOf([seen('insulator', 0.9)]).map((finding) => finding.kind)).toEqual(['broken_insulator']);
    expect(findingsOf([])).toEqual([]);
    expect(findingsOf([seen('joint', 0.3)])).toEqual([]);
  });

  it('are clean where the object was seen and no defect on it', () => {
    expect(findingsOf([seen('joint', 0.8), seen('failing_joint', 0.1)])).toEqual([
      { kind: 'failing_joint', outcome: 'clean', probability: 0.1 },
    ]);
  });

  it('are not a defect yet where it is little more likely than not', () => {
    expect(findingsOf([seen('insulator', 0.9), seen('broken_insulator', 0.65)])).toMatchObject([
      { outcome: 'clean' },
    ]);
  });

  it('take the most certain picture and do not multiply probabilities', () => {
    const pictures = [seen('insulator', 0.9), seen('broken_insulator', 0.72), seen('broken_insulator', 0.8)];
    expect(findingsOf(pictures)).toEqual([{ kind: 'broken_insulator', outcome: 'defect', probability: 0.8 }]);
  });
});
