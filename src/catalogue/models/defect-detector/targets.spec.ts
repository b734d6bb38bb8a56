/** Targets are hottest at centres, as wide as objects, and each object's cells share one unit of weight. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { chooseCrops } from './choose-crops.ts';
import { training } from './defaults.ts';
import { makeTargets } from './targets.ts';

const window = (objects: { classIndex: number; box: readonly [number, number, number, number] }[]) => ({
  data: new Uint8Array(0),
  width: 128,
  height: 96,
  objects,
});

describe('makeTargets', () => {
  it('is 1 at the centre of each object and cold in the other class', () => {
    const { heat } = makeTargets([window([{ classIndex: 1, box: [20, 20, 80, 40] }])], 2);
    const at = (row: number, column: number, index: number) => heat[(row * 32 + column) * 2 + index]!;
    expect(at(7, 12, 1)).toBe(1);
    expect(at(7, 12, 0)).toBe(0);
    expect(at(7, 14, 1)).toBeGreaterThan(at(9, 12, 1));
  });

  it('gives the cells of each object one unit of weight together, and the box to learn', () => {
    const objects = [
      { classIndex: 0, box: [8, 8, 120, 88] as const },
      { classIndex: 1, box: [60, 40, 72, 50] as const },
    ];
    const { boxWeights, boxes } = makeTargets([window(objects)], 2);
    const sums = [0, 0];
    boxWeights.forEach((weight, entry) => {
      sums[entry % 2]! += weight;
      if (weight > 0)
        expect([...boxes.slice(entry * 4, entry * 4 + 4)]).toEqual([...objects[entry % 2]!.box]);
    });
    expect(sums[0]).toBeCloseTo(1, 5);
    expect(sums[1]).toBeCloseTo(1, 5);
  });
});

describe('chooseCrops', () => {
  const objects = [{ classIndex: 1, box: [20, 20, 60, 40] as const }];
  const proposal = (box: readonly [number, number, number, number]) => ({ classIndex: 0, logit: 1, box });

  it('takes crops near an object for it, those elsewhere for background, and none between', () => {
    const proposals = [proposal([80, 60, 100, 80]), proposal([22, 20, 62, 40]), proposal([20, 20, 60, 64])];
    const crops = chooseCrops(createRandom(1), objects, proposals, training.crops);
    const proposed = crops.slice(-2);
    expect(proposed.map(({ choice, trueBox }) => [choice, trueBox])).toEqual([
      [0, null],
      [2, [20, 20, 60, 40]],
    ]);
    expect(crops.slice(0, -2).every(({ choice }) => choice === 2)).toBe(true);
  });

  it('copies small boxes more often than large ones, and no more than it may', () => {
    const large = { classIndex: 0, box: [0, 0, 200, 100] as const };
    const plan = { perPicture: 8, near: 7, copies: { small: 4, large: 2 } };
    const crops = chooseCrops(createRandom(1), [large, ...objects], [], plan);
    expect(crops.map(({ choice }) => choice)).toEqual([1, 1, 2, 2, 2, 2]);
    expect(chooseCrops(createRandom(1), [...objects, ...objects], [], plan)).toHaveLength(7);
  });
});
