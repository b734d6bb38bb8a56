import { describe, expect, it } from 'vitest';
import { AlertEvaluation, type Answer } from './alert-evaluation.ts';
import { durationSeconds } from './duration.ts';

/** The state of "a" after each of the values, one a minute; null is a missing row among others. */
function statesOf(
  rule: ConstructorParameters<typeof AlertEvaluation>[0],
  values: readonly (number | null)[],
): string[] {
  const evaluation = new AlertEvaluation(rule);
  return values.map((value, index) => {
    const other = { labels: 'b', value: 0 };
    evaluation.step(value === null ? [other] : [other, { labels: 'a', value }], index * 60);
    return evaluation.stateOf('a');
  });
}

describe('an alert', () => {
  it('waits, fires, keeps firing, and ends', () => {
    const rule = { fires: { above: 0 }, for: '2m', keepFiringFor: '2m' };
    expect(statesOf(rule, [0, 1, 1, 1, 0, 1, 0, 0, 0])).toEqual(
      ['normal', 'pending', 'pending', 'firing', 'recovering', 'firing', 'recovering', 'recovering', 'normal'],
    ); // prettier-ignore
  });

  it('forgets what was true too briefly', () => {
    const rule = { fires: { above: 0 }, for: '2m', keepFiringFor: '0s' };
    expect(statesOf(rule, [1, 0, 1, 0])).toEqual(['pending', 'normal', 'pending', 'normal']);
  });

  it('fires at once without a wait, and ends at once without keeping', () => {
    expect(statesOf({ fires: { above: 5 }, for: '0s', keepFiringFor: '0s' }, [5, 6, 5])).toEqual(
      ['normal', 'firing', 'normal'],
    ); // prettier-ignore
  });

  it('does not flap between its two thresholds', () => {
    const rule = { fires: { above: 60, untilBelow: 6 }, for: '0s', keepFiringFor: '0s' };
    expect(statesOf(rule, [50, 61, 59, 61, 6, 5, 59])).toEqual(
      ['normal', 'firing', 'firing', 'firing', 'firing', 'normal', 'normal'],
    ); // prettier-ignore
  });

  it('whose row is missing is forgotten after two evaluations', () => {
    const rule = { fires: { above: 0 }, for: '0s', keepFiringFor: '0s' };
    expect(statesOf(rule, [1, null, null])).toEqual(['firing', 'firing', 'normal']);
  });

  it.each<[Answer, string]>([
    [[], 'no data'],
    ['error', 'error'],
  ])('keeps its state while the rule is blind, and the rule says so', (answer, health) => {
    const evaluation = new AlertEvaluation({ fires: { above: 0 }, for: '0s', keepFiringFor: '0s' });
    evaluation.step([{ labels: 'a', value: 1 }], 0);
    evaluation.step(answer, 60);
    expect([evaluation.health, evaluation.stateOf('a')]).toEqual([health, 'firing']);
    evaluation.step([{ labels: 'a', value: 0 }], 120);
    expect([evaluation.health, evaluation.stateOf('a')]).toEqual(['ok', 'normal']);
  });
});

describe('a duration', () => {
  it.each([
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5_400],
    ['0s', 0],
    ['1d', 86_400],
    ['500ms', 0.5],
  ] as const)('%s is %d s', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', '5', '5 m', '30m1h', '-1m', 'm'])('%j is none', (text) => {
    expect(() => durationSeconds(text)).toThrow('must be like');
  });
});
