import { describe, expect, it } from 'vitest';
import { fieldOfView } from '../geometry/camera-pose.ts';
import { extentOf, groupDefects } from './group-defects.ts';
import type { DetectedBox, LookImage } from './look-image.ts';

const SIZE = { widthPx: 4000, heightPx: 3000 };
const TOWER = { latitudeDeg: 47, longitudeDeg: 8 };
/** 20 m south of the tower, level with a point 25 m up, or 20 m east of it. */
const FROM_SOUTH = { latitudeDeg: 47 - 20 / 111_195, longitudeDeg: 8, yawDeg: 0 };
const FROM_EAST = {
  latitudeDeg: 47,
  longitudeDeg: 8 + 20 / 111_195 / Math.cos((47 * Math.PI) / 180),
  yawDeg: 270,
};

const box = (boxId: string, category: string, bbox: DetectedBox['bbox'], score = 0.9): DetectedBox => ({
  boxId,
  category,
  score,
  bbox,
});
const image = (imageId: string, from: typeof FROM_SOUTH | null, ...boxes: DetectedBox[]): LookImage => ({
  imageId,
  takenAt: null,
  hash: null,
  ...SIZE,
  pose: from && {
    ...from,
    positionSigmaMetre: 0.03,
    relativeAltitudeMetre: 25,
    yawSigmaDeg: 4,
    pitchDeg: 0,
    view: fieldOfView(24, SIZE),
  },
  objectsInView: [],
  boxes,
});
const MIDDLE = [1950, 1450, 100, 100] as const;
/** Some 6 m below the middle at 20 m. */
const BELOW = [1950, 2350, 100, 100] as const;

describe('defects of a look', () => {
  it('are one where lines of sight meet, with the height at which they do', () => {
    const images = [
      image('a', FROM_SOUTH, box('d1', 'failing_joint', MIDDLE)),
      image('b', FROM_EAST, box('d2', 'failing_joint', MIDDLE, 0.8)),
    ];
    const [defect, ...others] = groupDefects(images, ['failing_joint'], TOWER);
    expect(others).toEqual([]);
    expect(defect).toMatchObject({ probability: 0.9, boxes: [{ boxId: 'd1' }, { boxId: 'd2' }] });
    expect(defect!.height!.metre).toBeCloseTo(25, 0);
    expect(defect!.height!.sigmaMetre).toBeLessThan(1);
  });

  it('are two where they pass one another by metres, and one again where no pose tells', () => {
    const seen = (from: boolean) => [
      image('a', from ? FROM_SOUTH : null, box('d1', 'failing_joint', MIDDLE)),
      image('b', from ? FROM_EAST : null, box('d2', 'failing_joint', BELOW)),
    ];
    expect(groupDefects(seen(true), ['failing_joint'], TOWER)).toHaveLength(2);
    expect(groupDefects(seen(false), ['failing_joint'], TOWER)).toHaveLength(1);
    expect(groupDefects(seen(true), ['failing_joint'], null)).toHaveLength(1);
  });

  it('are of the kinds asked for, and boxes that are noise show none', () => {
    const images = [image('a', null, box('d1', 'failing_joint', MIDDLE, 0.2), box('d2', 'joint', MIDDLE))];
    expect(groupDefects(images, ['failing_joint'], TOWER)).toEqual([]);
  });
});

describe('the extent of a defect', () => {
  const insulator = { category: 'insulator', bbox: [0, 0, 200, 40] as const };

  it('is its share of the object that it is on', () => {
    const seen = [{ box: [10, 5, 30, 30] as const, others: [insulator] }];
    expect(extentOf('broken_insulator', seen)).toBeCloseTo(0.15, 12);
  });

  it('is not known without an object about it, or where the defect is the object', () => {
    expect(extentOf('broken_insulator', [{ box: [500, 5, 30, 30], others: [insulator] }])).toBeNull();
    expect(extentOf('broken_insulator', [{ box: [0, 0, 190, 40], others: [insulator] }])).toBeNull();
    expect(extentOf('bird_nest', [{ box: [10, 5, 30, 30], others: [insulator] }])).toBeNull();
  });
});
