import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/statistics/random.ts';
import { applyAlarmRule, chooseThreshold, type LevelHistory } from './alarm-rule.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');

function quietSensor(seed: number, days: number) {
  const random = createRandom(seed);
  const observedAt = Float64Array.from({ length: 24 * days }, (_, hour) => START + hour * HOUR_MS);
  return { observedAt, score: Float32Array.from(observedAt, () => random.normal()) };
}

function historiesOf(sensors: readonly ReturnType<typeof quietSensor>[]): LevelHistory[] {
  return sensors.map(({ observedAt, score }) => ({
    observedAt,
    level: applyAlarmRule(observedAt, { score }).level,
    isHealthy: () => true,
  }));
}

function openingsOf(open: Uint8Array): number {
  return open.reduce((count, now, at) => count + (now === 1 && open[at - 1] !== 1 ? 1 : 0), 0);
}

describe('the alarm rule', () => {
  const sensors = Array.from({ length: 20 }, (_, seed) => quietSensor(seed, 365));

  it('lets no more events through on the time it was chosen on than are allowed', () => {
    const settings = chooseThreshold(historiesOf(sensors), 0.5);
    const events = sensors.reduce(
      (sum, { observedAt, score }) => sum + openingsOf(applyAlarmRule(observedAt, { score }, settings).open),
      0,
    );
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThanOrEqual(10);
  });

  it('leaves out time that is not healthy', () => {
    const raised = sensors.map(({ observedAt, score }) => ({
      observedAt,
      score: score.map((value, at) => (at < 1000 ? value + 50 : value)),
    }));
    const histories = historiesOf(raised).map((history) => ({
      ...history,
      isHealthy: (time: number) => time > START + 1100 * HOUR_MS,
    }));
    expect(chooseThreshold(histories, 0.5).openAbove).toBeLessThan(10);
  });

  it('opens one event on a score that rises and stays, and none on one that is high for a moment', () => {
    const settings = chooseThreshold(historiesOf(sensors), 0.5);
    const { observedAt, score } = quietSensor(99, 60);
    const risen = score.map((value, at) => value + (at > 700 ? 6 : 0));
    const spiked = score.map((value, at) => (at === 700 ? 8 : value));
    expect(openingsOf(applyAlarmRule(observedAt, { score: risen }, settings).open)).toBe(1);
    expect(openingsOf(applyAlarmRule(observedAt, { score: spiked }, settings).open)).toBe(0);
  });
});
