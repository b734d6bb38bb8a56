import { describe, expect, it } from 'vitest';
import { allDirections, evidenceOf, MARKS_PER_CHANNEL } from './head.ts';
import { learnDirections } from './learn-directions.ts';
import type { SensorSamples } from './sensor-samples.ts';
import { groupLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';

const stem = {
  channels: ['first', 'second'],
  timescales: { horizonsHours: [1, 4, 17, 72] },
} as unknown as StemParameters;
const HOURS = 100;

/** From the fiftieth hour on, one channel is far out. */
function sensor(sensorId: string, channel: number, above: boolean, evidence = 5): SensorSamples {
  const marks = new Float32Array(HOURS * 2 * MARKS_PER_CHANNEL);
  const inputs = new Float32Array(HOURS);
  for (let at = 0; at < HOURS; at++) {
    inputs[at] = at < 50 ? -1 : evidence;
    if (at >= 50) marks[at * 2 * MARKS_PER_CHANNEL + channel * MARKS_PER_CHANNEL + (above ? 1 : 0)] = 12;
  }
  const times = Float64Array.from({ length: HOURS }, (_, at) => at + 1);
  return { sensor: { sensorId } as SensorSamples['sensor'], times, inputs, marks };
}

const looks = (...sensorIds: string[]) =>
  groupLooks(
    sensorIds.flatMap((sensorId) => [
      { sensorId, inspectedAt: 10, defect: 0, kind: null },
      { sensorId, inspectedAt: HOURS, defect: 1, kind: 'broken' },
    ]),
    Infinity,
  );

const nothing = { directions: allDirections(2), seen: 0 };

describe('learnDirections', () => {
  it('counts all directions alike before a defect has been seen', () => {
    const samples = [sensor('a', 0, true)];
    expect(learnDirections(stem, samples, groupLooks([], Infinity))).toEqual(nothing);
    const clean = groupLooks([{ sensorId: 'a', inspectedAt: 40, defect: 0, kind: null }], Infinity);
    expect(learnDirections(stem, samples, clean)).toEqual(nothing);
  });

  it('trusts the direction that seen defects went, the more of them the more', () => {
    const samples = ['a', 'b', 'c'].map((sensorId) => sensor(sensorId, 1, true));
    expect([...learnDirections(stem, samples, looks('a')).directions]).toEqual([0.5, 0.5, 0.5, 1]);
    const { directions, seen } = learnDirections(stem, samples, looks('a', 'b', 'c'));
    expect([...directions]).toEqual([0.25, 0.25, 0.25, 1]);
    expect(seen).toBe(3);
  });

  it('trusts in full the direction of a kind of defect that is a third as common as another', () => {
    const common = ['a', 'b', 'c'].map((sensorId) => sensor(sensorId, 1, true));
    const samples = [...common, sensor('d', 0, true)];
    const { directions } = learnDirections(stem, samples, looks('a', 'b', 'c', 'd'));
    expect([...directions]).toEqual([0.25, 1, 0.25, 1]);
  });

  it('learns nothing from a report that telemetry does not bear out', () => {
    const samples = [sensor('a', 1, true), sensor('b', 0, false, -1)];
    expect(learnDirections(stem, samples, looks('b'))).toEqual(nothing);
  });

  it('makes evidence of the other directions weaker, and leaves that of confirmed ones as it was', () => {
    const directions = Float32Array.from([0.25, 0.25, 0.25, 1]);
    const marks = (channel: number, above: boolean) => {
      const row = new Float32Array(2 * MARKS_PER_CHANNEL);
      row[channel * MARKS_PER_CHANNEL + (above ? 1 : 0)] = 12;
      return row;
    };
    const before = evidenceOf(marks(1, true), allDirections(2));
    expect(evidenceOf(marks(1, true), directions)).toBe(before);
    expect(evidenceOf(marks(0, true), directions)).toBeLessThan(before - 2);
    expect(evidenceOf(marks(1, false), directions)).toBeLessThan(before - 2);
  });
});
