/** Judged objects become detections: merged by class, calibrated, best first. */
import { describe, expect, it } from 'vitest';
import { decide, mergeSeen, type SeenObject } from './decide.ts';

const calibration = { slope: 0.5, intercept: 1 };
const classes = [
  { name: 'insulator', kind: 'object', basePixels: 60, calibration, threshold: 0.5 },
  { name: 'broken_insulator', kind: 'defect', basePixels: 15, calibration, threshold: 0.9 },
] as const;
const whole = { left: 0, top: 0, width: 1280, height: 960 };

function seen(classIndex: number, logit: number, box: SeenObject['box'], window = whole): SeenObject {
  return { classIndex, proposalLogit: logit - 1, cropLogit: 1, box, embedding: [classIndex], window };
}

describe('decide', () => {
  it('states the calibrated probability of both stages together', () => {
    const [found] = decide([seen(0, 2, [20, 40, 220, 120])], classes);
    expect(found).toEqual({
      category: 'insulator',
      score: 1 / (1 + Math.exp(-2)),
      bbox: [20, 40, 200, 80],
      embedding: [0],
    });
  });

  it('reports what reaches the threshold of its class, or the one that is asked for', () => {
    const all = [seen(0, -1, [10, 20, 110, 60]), seen(1, 2, [30, 30, 50, 50])];
    expect(decide(all, classes).map(({ category }) => category)).toEqual(['insulator']);
    const doubts = decide(all, classes, { minimumScore: 0 });
    expect(doubts.map(({ category }) => category)).toEqual(['broken_insulator', 'insulator']);
  });
});

describe('mergeSeen', () => {
  const left = { left: 0, top: 0, width: 800, height: 600 };
  const right = { left: 480, top: 0, width: 800, height: 600 };

  const windows = [left, right];

  it('joins what the seam between two windows cuts, under the score of the more certain part', () => {
    const parts = [seen(0, 1, [300, 100, 800, 160], left), seen(0, 3, [480, 100, 1100, 160], right)];
    const merged = mergeSeen(parts, windows, classes);
    expect(merged.map(({ box }) => box)).toEqual([[300, 100, 1100, 160]]);
    expect(decide(merged, classes)[0]?.score).toBe(decide([parts[1]!], classes)[0]?.score);
  });

  it('prefers the view that shows an object whole, unless it is by far the more doubtful', () => {
    const cut = seen(0, 3, [480, 100, 700, 160], right);
    const sure = seen(0, 1, [460, 100, 700, 160], left);
    expect(mergeSeen([cut, sure], windows, classes)).toEqual([sure]);
    const doubtful = seen(0, -3, [460, 100, 700, 160], left);
    expect(mergeSeen([cut, doubtful], windows, classes)).toEqual([cut]);
  });
});
