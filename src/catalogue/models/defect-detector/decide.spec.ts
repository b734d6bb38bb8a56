/** Judged objects become detections: merged by class, calibrated, cut to the picture, best first. */
import { describe, expect, it } from 'vitest';
import { decide, type JudgedObject } from './decide.ts';
import { letterbox } from './preprocess.ts';

const calibration = { slope: 0.5, intercept: 1 };
const classes = [
  { name: 'insulator', kind: 'object', basePixels: 60, calibration, threshold: 0.5 },
  { name: 'broken_insulator', kind: 'defect', basePixels: 15, calibration, threshold: 0.9 },
] as const;
const frame = letterbox(1280, 960);

function judged(classIndex: number, logit: number, box: JudgedObject['box']): JudgedObject {
  return { classIndex, proposalLogit: logit - 1, cropLogit: 1, box, embedding: [classIndex] };
}

describe('decide', () => {
  it('states the calibrated probability of both stages together, in pixels of the picture', () => {
    const [found] = decide([judged(0, 2, [10, 20, 110, 60])], frame, classes);
    expect(found).toEqual({
      category: 'insulator',
      score: 1 / (1 + Math.exp(-2)),
      bbox: [20, 40, 200, 80],
      embedding: [0],
    });
  });

  it('reports what reaches the threshold of its class, or the one that is asked for', () => {
    const all = [judged(0, -1, [10, 20, 110, 60]), judged(1, 2, [30, 30, 50, 50])];
    expect(decide(all, frame, classes).map(({ category }) => category)).toEqual(['insulator']);
    const doubts = decide(all, frame, classes, { minimumScore: 0 });
    expect(doubts.map(({ category }) => category)).toEqual(['broken_insulator', 'insulator']);
  });

  it('says of two boxes on one thing only the better', () => {
    const twice = [judged(0, 2, [10, 20, 110, 60]), judged(0, 3, [12, 20, 112, 60])];
    expect(decide(twice, frame, classes)).toHaveLength(1);
  });

  it('cuts boxes at the edge of the picture, and drops those outside', () => {
    const [cut, ...others] = decide(
      [judged(0, 3, [-20, -20, 50, 50]), judged(0, 2, [700, 10, 800, 60])],
      frame,
      classes,
    );
    expect(cut?.bbox).toEqual([0, 0, 100, 100]);
    expect(others).toEqual([]);
  });
});
