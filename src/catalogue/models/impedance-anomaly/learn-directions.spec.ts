import { describe, expect, it } from 'vitest';
import { allDirections, evidenceOf, MARKS_PER_CHANNEL } from './head.ts';
import { learnDirections } from './learn-directions.ts';
import type { SensorSamples } from './sensor-samples.ts';
import type { Look } from './look-intervals.ts';
import { groupLooks, type SensorLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';

const stem = {
  channels: ['first', 'second'],
  timescales: { horizonsHours: [1, 4, 17, 72] },
} as unknown as StemParameters;
const HOURS = 100;

/** From the fiftieth hour on, channels are out: by index, -1 or 1. */
function sensor(
  sensorId: string,
  ...departures: (readonly [channel: number, sign: -1 | 1])[]
): SensorSamples {
  const marks = new Float32Array(HOURS * 2 * MARKS_PER_CHANNEL);
  for (let at = 50; at < HOURS; at++) {
    for (const [channel, sign] of departures) {
      marks[(at * 2 + channel) * MARKS_PER_CHANNEL + (sign > 0 ? 1 : 0)] = 12;
    }
  }
  const times = Float64Array.from({ length: HOURS }, (_, at) => at + 1);
  return { sensor: { sensorId } as SensorSamples['sensor'], times, inputs: new Float32Array(HOURS), marks };
}

function look(sensorId: string, inspectedAt: number, defect: number): Look {
  return { sensorId, inspectedAt, defect, kind: defect > 0.5 ? 'broken' : null };
}

/** Clean in the tenth hour, and in the last one as it is said. */
function looks(defective: readonly string[], clean: readonly string[] = []): Map<string, SensorLooks> {
  const early = [...defective, ...clean].map((sensorId) => look(sensorId, 10, 0));
  return groupLooks(
    [
      ...early,
      ...defective.map((sensorId) => look(sensorId, HOURS, 1)),
      ...clean.map((sensorId) => look(sensorId, HOURS, 0)),
    ],
    Infinity,
  );
}

const nothing = { directions: allDirections(2), seen: 0 };

function expectDirections(directions: Float32Array, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(directions[i]).toBeCloseTo(value, 5);
}

describe('learnDirections', () => {
  it('counts all directions alike before a look, and where clean looks cover no departure', () => {
    expect(learnDirections(stem, [sensor('a', [0, 1])], groupLooks([], Infinity))).toEqual(nothing);
    expect(learnDirections(stem, [sensor('a')], looks([], ['a']))).toEqual(nothing);
  });

  it('learns from clean looks alone which departures mean nothing', () => {
    const clean = ['a', 'b', 'c', 'd', 'e'];
    const samples = clean.map((sensorId, i) => (i < 2 ? sensor(sensorId, [0, 1]) : sensor(sensorId)));
    const { directions, seen } = learnDirections(stem, samples, looks([], clean));
    // Out in two of ten intervals (each sensor has two), where the others never are.
    const ratio = Math.log((0.5 * 20) / 2.5) / Math.log((0.5 * 20) / 0.5);
    expectDirections(directions, [1, ratio, 1, 1]);
    expect(seen).toBe(0);
  });

  it('trusts the direction that seen defects went, the more of them the more', () => {
    const samples = ['a', 'b', 'c'].map((sensorId) => sensor(sensorId, [1, 1]));
    // One of one with a defect, (1 + 0.5) / (1 + 1), against none of one without, (0 + 0.5) / (1 + 10); the others 0.25.
    const one = Math.log(0.25 * 22) / Math.log(0.75 * 22);
    expectDirections(learnDirections(stem, samples, looks(['a'])).directions, [one, one, one, 1]);
    const { directions, seen } = learnDirections(stem, samples, looks(['a', 'b', 'c']));
    const three = Math.log(0.125 * 26) / Math.log(0.875 * 26);
    expectDirections(directions, [three, three, three, 1]);
    expect(three).toBeLessThan(one);
    expect(seen).toBe(3);
  });

  it('takes for no evidence what is out as often where looks find nothing', () => {
    const defective = ['a', 'b', 'c', 'd'];
    const clean = ['e', 'f', 'g', 'h', 'i', 'j'];
    const samples = [
      sensor('a', [1, 1], [0, 1]),
      ...defective.slice(1).map((sensorId) => sensor(sensorId, [1, 1])),
      ...clean.map((sensorId) => sensor(sensorId, [0, 1])),
    ];
    const [below, above, ...second] = learnDirections(stem, samples, looks(defective, clean)).directions;
    expect(above!).toBeLessThan(0.2);
    expect(below!).toBeGreaterThan(above! + 0.2);
    expect(second[1]).toBe(1);
  });

  it('trusts nearly in full the direction of a kind of defect that is a third as common as another', () => {
    const samples = [...['a', 'b', 'c'].map((sensorId) => sensor(sensorId, [1, 1])), sensor('d', [0, 1])];
    const { directions } = learnDirections(stem, samples, looks(['a', 'b', 'c', 'd']));
    expect(directions[1]!).toBeGreaterThan(0.7);
    expect(directions[3]).toBe(1);
  });

  it('learns nothing from a report that telemetry does not bear out', () => {
    const samples = [sensor('a', [1, 1]), sensor('b')];
    expect(learnDirections(stem, samples, looks(['b']))).toEqual(nothing);
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
