import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { cutInTime, dealTowers, seriesUntil } from './held-out-split.ts';
import type { SensorSeries } from './sensor-series.ts';
import { groupLooks } from './shown-defects.ts';

const sensorIds = Array.from({ length: 21 }, (_, i) => `T${String(i >> 1).padStart(2, '0')}-${'AB'[i % 2]}`);
const towerOf = (sensorId: string) => sensorId.slice(0, 3);
/** Every tower is looked at twice; the first five have a defect by then. */
const looks = groupLooks(
  sensorIds.flatMap((sensorId) =>
    [10, 20].map((inspectedAt) => ({
      sensorId,
      inspectedAt,
      defect: inspectedAt === 20 && towerOf(sensorId) < 'T05' ? 0.9 : 0.1,
      kind: null,
    })),
  ),
  Infinity,
);

function seriesOf(times: readonly number[]): SensorSeries {
  const column = Float64Array.from(times, (time) => 2 * time);
  return { sensorId: 'a', observedAt: Float64Array.from(times), channels: [column], context: [column] };
}

describe('dealTowers', () => {
  it.each([1, 2, 3])('lets each tower be judged once, by what it has not taught (seed %i)', (seed) => {
    const folds = dealTowers(sensorIds, towerOf, looks, createRandom(seed));
    expect(folds.count).toBe(4);
    for (const sensorId of sensorIds) {
      const judges = [0, 1, 2, 3].filter((fold) => folds.isJudgedBy(fold, sensorId));
      expect(judges).toHaveLength(1);
      expect([0, 1, 2, 3].filter((fold) => !folds.mayTeach(fold, sensorId))).toEqual(judges);
    }
  });

  it.each([1, 2, 3])('keeps the sensors of a tower in one fold (seed %i)', (seed) => {
    const folds = dealTowers(sensorIds, towerOf, looks, createRandom(seed));
    for (const left of sensorIds) {
      for (const right of sensorIds) {
        if (towerOf(left) !== towerOf(right)) continue;
        for (const fold of [0, 1, 2, 3])
          expect(folds.isJudgedBy(fold, left)).toBe(folds.isJudgedBy(fold, right));
      }
    }
  });

  it('gives every fold its share of the towers with defects', () => {
    const folds = dealTowers(sensorIds, towerOf, looks, createRandom(1));
    const shares = [0, 1, 2, 3].map(
      (fold) =>
        ['T00', 'T01', 'T02', 'T03', 'T04'].filter((tower) => folds.isJudgedBy(fold, `${tower}-A`)).length,
    );
    expect(shares.sort()).toEqual([1, 1, 1, 2]);
  });

  it('holds none out where fewer towers than folds were looked at', () => {
    const few = new Map([...looks].filter(([sensorId]) => towerOf(sensorId) < 'T03'));
    const folds = dealTowers(sensorIds, towerOf, few, createRandom(1));
    expect(folds.count).toBe(1);
    expect(sensorIds.every((sensorId) => folds.isJudgedBy(0, sensorId) && folds.mayTeach(0, sensorId))).toBe(
      true,
    );
  });
});

describe('cutInTime', () => {
  it('leaves the last fifth of the time of all sensors to judge', () => {
    expect(cutInTime([seriesOf([100, 120]), seriesOf([110, 200])])).toBe(180);
  });
});

describe('seriesUntil', () => {
  it('ends with the cut, in every column', () => {
    const { observedAt, channels, context } = seriesUntil(seriesOf([100, 150, 180, 181, 200]), 180);
    expect([...observedAt]).toEqual([100, 150, 180]);
    expect([...channels[0]!]).toEqual([200, 300, 360]);
    expect([...context[0]!]).toEqual([200, 300, 360]);
  });

  it('is whole where nothing comes after the cut, and empty where nothing came before', () => {
    expect(seriesUntil(seriesOf([100, 150]), 180).observedAt).toHaveLength(2);
    expect(seriesUntil(seriesOf([200, 210]), 180).observedAt).toHaveLength(0);
  });
});
