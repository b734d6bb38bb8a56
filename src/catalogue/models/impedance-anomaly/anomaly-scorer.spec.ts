import { beforeAll, describe, expect, it } from 'vitest';
import { prepareWasm } from '../../../../test/fixtures/prepare-wasm.ts';
import { CHANNELS, CONTEXT, simulateFleet, START } from '../../../../test/fixtures/simulated-series.ts';
import { partOf, trainSmallModel } from '../../../../test/fixtures/small-anomaly-model.ts';
import type { ScoredReading } from '../../../core/domain/anomaly.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { AnomalyScorer } from './anomaly-scorer.ts';
import type { SensorSeries } from './sensor-series.ts';

const DAY = 86_400_000;
const TRAINED_DAYS = 40;
const TRAINED_UNTIL = START + TRAINED_DAYS * DAY;
const ONSET_DAY = 44;
const JOINT = 2;

/** Forty days of history; then a joint of sensor 2 begins to fail by 1 % a day. */
const fleet = simulateFleet({
  sensors: 8,
  days: 52,
  seed: 12,
  joints: [{ sensor: JOINT, onsetDay: ONSET_DAY, growthPerDay: 0.01 }],
});

const live = fleet.map((series) => partOf(series, (time) => time >= TRAINED_UNTIL));
let artifact: ModelArtifact;

beforeAll(async () => {
  await prepareWasm();
  const series = fleet.map((own) => partOf(own, (time) => time < TRAINED_UNTIL));
  artifact = await trainSmallModel(series, new Date(TRAINED_UNTIL));
}, 120_000);

function scoreAt(
  scorer: AnomalyScorer,
  series: SensorSeries,
  index: number,
  id = series.sensorId,
): ScoredReading {
  const values: Record<string, number> = {};
  for (const [i, name] of CHANNELS.entries()) values[name] = series.channels[i]![index]!;
  for (const [i, name] of CONTEXT.entries()) values[name] = series.context[i]![index]!;
  return scorer.score(id, new Date(series.observedAt[index]!), values);
}

const scoreAll = (scorer: AnomalyScorer, series: SensorSeries, id?: string) =>
  Array.from(series.observedAt, (_, index) => scoreAt(scorer, series, index, id));

describe('AnomalyScorer', () => {
  it('opens one event, on the sensor whose joint fails, within 48 h of 2 % added, and names the channel', () => {
    const scorer = new AnomalyScorer(artifact);
    for (const [at, series] of live.entries()) {
      const scores = scoreAll(scorer, series);
      const opened = scores.flatMap(({ transition }, i) => (transition === 'opened' ? [i] : []));
      expect([series.sensorId, opened.length]).toEqual([series.sensorId, at === JOINT ? 1 : 0]);
      if (at !== JOINT) continue;
      const day = (series.observedAt[opened[0]!]! - START) / DAY;
      expect(day).toBeGreaterThan(ONSET_DAY);
      expect(day).toBeLessThan(ONSET_DAY + 2 + 2);
      const [leading] = scores.at(-1)!.channels;
      expect(leading!.channel).toBe('resistance_ohm');
      expect(leading!.deviation).toBeGreaterThan(5);
      expect(leading!.observed!).toBeGreaterThan(leading!.upper);
      expect(scores.at(-1)!.score).toBeGreaterThan(0.9);
    }
  });

  it('does not open an event again, and reports it as updated while it grows', () => {
    const scores = scoreAll(new AnomalyScorer(artifact), live[JOINT]!);
    const transitions = scores.flatMap(({ transition }) => transition ?? []);
    expect(transitions[0]).toBe('opened');
    expect(new Set(transitions.slice(1))).toEqual(new Set(['updated']));
    expect(transitions.length).toBeLessThan(15);
  });

  it('goes on from an exported state exactly as if it had not been stopped', () => {
    const whole = scoreAll(new AnomalyScorer(artifact), live[JOINT]!);
    const first = new AnomalyScorer(artifact);
    const half = 250;
    for (let index = 0; index < half; index++) scoreAt(first, live[JOINT]!, index);
    const exported = first.exportState('s02');
    const last = new Date(live[JOINT]!.observedAt[half - 1]!);
    const second = new AnomalyScorer(artifact);
    second.importState('s02', last, exported);
    for (let index = half; index < whole.length; index++) {
      expect(scoreAt(second, live[JOINT]!, index)).toEqual(whole[index]);
    }
  });

  it('scores a reading from nothing that comes later', () => {
    const [one, two] = [new AnomalyScorer(artifact), new AnomalyScorer(artifact)];
    for (let index = 0; index < 100; index++) {
      expect(scoreAt(one, live[0]!, index)).toEqual(scoreAt(two, live[0]!, index));
    }
    scoreAll(
      one,
      partOf(live[0]!, (time) => time > live[0]!.observedAt[99]!),
    );
    expect(two.exportState('s00')).not.toEqual(one.exportState('s00'));
  });

  it('warms up with a sensor it does not know, then watches it too', () => {
    const scores = scoreAll(new AnomalyScorer(artifact), fleet[JOINT]!, 'newcomer');
    expect(scores[0]).toMatchObject({ score: 0, anomalous: false, warmingUp: true });
    const warm = scores.findIndex(({ warmingUp }) => !warmingUp);
    const hours = (fleet[JOINT]!.observedAt[warm]! - START) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(96);
    expect(scores.at(-1)!.anomalous).toBe(true);
  });

  it('does not use what training learned later for a sensor whose readings start earlier', () => {
    const [first] = scoreAll(new AnomalyScorer(artifact), fleet[0]!);
    expect(first!.warmingUp).toBe(true);
  });

  it('refuses a reading that is not later than the last, a time that is none, and a foreign state', () => {
    const scorer = new AnomalyScorer(artifact);
    scoreAt(scorer, live[0]!, 5);
    expect(() => scoreAt(scorer, live[0]!, 5)).toThrow(/too late to be scored/);
    expect(() => scorer.score('s00', new Date(NaN), {})).toThrow(/no valid time/);
    expect(() => scorer.importState('s00', new Date(0), new Uint8Array(4))).toThrow(/does not belong/);
  });

  it('holds its peace over missing values', () => {
    const scorer = new AnomalyScorer(artifact);
    const { score, channels } = scorer.score('s00', new Date(live[0]!.observedAt[0]!), {});
    expect(score).toBeGreaterThanOrEqual(0);
    expect(channels.every(({ observed, expected }) => observed === null && Number.isFinite(expected))).toBe(
      true,
    );
  });

  it('keeps to its golden numbers', () => {
    const scorer = new AnomalyScorer(artifact);
    const last = scoreAll(scorer, live[0]!).at(-1)!;
    const resistance = last.channels.find(({ channel }) => channel === 'resistance_ohm')!;
    expect(resistance.expected).toBeCloseTo(GOLDEN.expected, 6);
    expect(resistance.upper).toBeCloseTo(GOLDEN.upper, 6);
    expect(resistance.deviation).toBeCloseTo(GOLDEN.deviation, 2);
  });
});

/** Of this very fleet; they change only when the arithmetic of the model or of its training does. */
const GOLDEN = { expected: 0.0205888, upper: 0.0208185, deviation: -2.064 };
