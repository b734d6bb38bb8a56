/** The figures of a detector that is known to be right, wrong or silent. */
import { describe, expect, it } from 'vitest';
import { detectorFigures } from './detector-figures.ts';
import type { FoundBox, InspectedPicture } from './inspect-pictures.ts';

const calibration = { slope: 1, intercept: 0 };
const classes = [
  { name: 'insulator', kind: 'object', basePixels: 60, calibration, threshold: 0.5 },
  { name: 'broken_insulator', kind: 'defect', basePixels: 15, calibration, threshold: 0.5 },
] as const;

const string = { category: 'insulator', box: [100, 100, 400, 160] as const };
const gap = { category: 'broken_insulator', box: [200, 105, 240, 155] as const };
const found = (category: string, score: number, box: FoundBox['box']): FoundBox => ({
  category,
  score,
  logit: Math.log(score / (1 - score)),
  box,
});
const right = [found('insulator', 0.9, string.box), found('broken_insulator', 0.8, gap.box)];

const picture = (truths: InspectedPicture['truths'], boxes: readonly FoundBox[]): InspectedPicture => ({
  name: 'drawn',
  width: 1000,
  height: 750,
  truths,
  found: boxes,
});
const figuresOf = (pictures: readonly InspectedPicture[]) =>
  detectorFigures(
    pictures,
    pictures.map((_, index) => index),
    classes,
  );

describe('detectorFigures', () => {
  it('gives full marks to one that sees all and invents nothing', () => {
    const figures = figuresOf([picture([string, gap], right), picture([string], right.slice(0, 1))]);
    expect(figures.classes['insulator']?.ap50to95).toEqual({ value: 1, lower: 1, upper: 1 });
    expect(figures.classes['broken_insulator']?.recall).toMatchObject({ count: 1, of: 1, share: 1 });
    expect(figures.defectRecall).toMatchObject({ count: 1, of: 1 });
    expect(figures.falseDefectPictures).toMatchObject({ count: 0, of: 1 });
  });

  it('counts a box that is half right at low overlaps only', () => {
    const loose = [found('insulator', 0.9, [100, 100, 400, 200])]; // overlap 0.6
    const { insulator } = figuresOf([picture([string], loose)]).classes;
    expect(insulator?.ap50?.value).toBe(1);
    expect(insulator?.ap75?.value).toBe(0);
    expect(insulator?.ap50to95?.value).toBeCloseTo(0.3, 12); // 0.5, 0.55 and 0.6
  });

  it('counts a picture without a defect as flagged once, however often, and not below the threshold', () => {
    const twice = [
      found('broken_insulator', 0.8, gap.box),
      found('broken_insulator', 0.7, [300, 105, 340, 155]),
    ];
    const doubt = [found('broken_insulator', 0.4, gap.box)];
    const figures = figuresOf([picture([string], twice), picture([string], doubt), picture([], [])]);
    expect(figures.falseDefectPictures).toMatchObject({ count: 1, of: 3 });
    expect(figures.classes['broken_insulator']).toMatchObject({ ap50: null, falseDetections: 2 });
  });

  it('puts objects into sizes by their side against the width of the picture', () => {
    const { insulator, broken_insulator: broken } = figuresOf([picture([string, gap], right)]).classes;
    expect(insulator?.recallBySize).toMatchObject({
      small: { of: 0 },
      medium: { of: 1, count: 1 },
      large: { of: 0 },
    });
    expect(broken?.recallBySize.small).toMatchObject({ of: 1, count: 1 });
  });

  it('finds out that certain statements which come true half of the time are not calibrated', () => {
    const half = Array.from({ length: 80 }, (_, i) => picture(i % 2 ? [string] : [], right.slice(0, 1)));
    const { insulator } = figuresOf(half).classes;
    expect(insulator?.calibration.error).toBeCloseTo(0.4, 12);
    expect(insulator?.calibration.pValue).toBe(0.001);
  });
});
