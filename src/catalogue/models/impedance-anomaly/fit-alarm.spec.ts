import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { fitAlarm, runAlarm, type LogitHistory } from './fit-alarm.ts';
import { chooseTimescales } from './timescales.ts';

const HOURS_PER_YEAR = 8766;

/** Healthy logits: normal, with a memory of twelve hours, one an hour. */
function healthy(seed: number, sensors: number, hours: number): LogitHistory[] {
  const random = createRandom(seed);
  return Array.from({ length: sensors }, () => {
    const logits = new Float32Array(hours);
    let value = 0;
    for (let i = 0; i < hours; i++) {
      value += -value / 12 + Math.sqrt(2 / 12) * random.normal();
      logits[i] = value - 4;
    }
    const observedAt = Float64Array.from({ length: hours }, (_, i) => i * 3_600_000);
    return { observedAt, longestStepHours: 1, logits, isHealthy: () => true };
  });
}

describe('fitAlarm', () => {
  it.each([0.5, 2])('keeps to %d false alarms per sensor-year on healthy sensors it has not seen', (rate) => {
    const timescales = chooseTimescales(1, HOURS_PER_YEAR);
    const alarm = fitAlarm(healthy(1, 40, HOURS_PER_YEAR), timescales, rate);
    let events = 0;
    const sensors = 40;
    for (const history of healthy(2, sensors, HOURS_PER_YEAR)) {
      let wasOpen = false;
      runAlarm(history, alarm, (_, __, open) => {
        if (open && !wasOpen) events++;
        wasOpen = open;
      });
    }
    const expected = rate * sensors;
    // Three Poisson deviations of both samples; an exponential errs on the quiet side here, by less than a factor of ten.
    expect(events).toBeLessThan(expected + 3 * Math.sqrt(2 * expected));
    expect(events).toBeGreaterThan(expected / 10 - 3 * Math.sqrt(expected / 10));
  });

  it('needs persistence: one wild logit opens nothing', () => {
    const timescales = chooseTimescales(1 / 6, HOURS_PER_YEAR);
    const [history] = healthy(3, 1, 2000);
    const alarm = fitAlarm(healthy(1, 40, 3000), timescales, 0.5);
    const observedAt = history!.observedAt.map((time) => time / 6);
    const logits = new Float32Array(2000).fill(-4);
    logits[1000] = 8;
    let opened = false;
    runAlarm({ ...history!, observedAt, logits }, alarm, (_, __, open) => (opened ||= open));
    expect(opened).toBe(false);
  });

  it('takes what departs all along for the usual, where no time is believed to be healthy', () => {
    const timescales = chooseTimescales(1, HOURS_PER_YEAR);
    const histories = healthy(1, 10, 3000);
    const doubted = histories.map((history) => ({ ...history, isHealthy: () => false }));
    expect(fitAlarm(doubted, timescales, 0.5)).toEqual(fitAlarm(histories, timescales, 0.5));
  });

  it('opens where evidence is even, before any logit is known', () => {
    const [history] = healthy(1, 1, 10);
    const unknown = { ...history!, logits: new Float32Array(10).fill(NaN) };
    const { openAbove, closeBelow } = fitAlarm([unknown], chooseTimescales(1, 10), 0.5);
    expect([openAbove, closeBelow]).toEqual([0, 0]);
  });
});
