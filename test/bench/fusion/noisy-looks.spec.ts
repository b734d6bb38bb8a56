import { describe, expect, it } from 'vitest';
import type { Look } from '../../../src/catalogue/models/impedance-anomaly/look-intervals.ts';
import { flipFindings, missDefects } from './noisy-looks.ts';

const LOOKS = 2000;
const looks = Array.from({ length: LOOKS }, (_, at): Look => {
  const isDefect = at % 4 === 0;
  const kind = isDefect ? 'failing_joint' : null;
  return { sensorId: `s${at}`, inspectedAt: at, defect: isDefect ? 0.9 : 0.2, kind };
});
const isDefect = ({ defect }: Look): boolean => defect >= 0.5;

describe('noisy looks', () => {
  it('misses defects but makes none up', () => {
    const missed = missDefects(looks, 0.5, 1);
    expect(missed.some((look, at) => isDefect(look) && !isDefect(looks[at]!))).toBe(false);
    // Four standard errors of a half of 500 are 45.
    expect(Math.abs(missed.filter(isDefect).length - 250)).toBeLessThan(45);
    expect(missed.every((look) => isDefect(look) === (look.kind !== null))).toBe(true);
  });

  it('turns findings of either sort round, as sure of them as before', () => {
    const flipped = flipFindings(looks, 0.3, 1);
    const turned = flipped.filter((look, at) => isDefect(look) !== isDefect(looks[at]!));
    // Four standard errors of 0.3 of 2000 are 82.
    expect(Math.abs(turned.length - 600)).toBeLessThan(82);
    expect(new Set(turned.map(({ defect }) => Math.round(10 * defect)))).toEqual(new Set([1, 8]));
    expect(flipped.every((look) => isDefect(look) === (look.kind !== null))).toBe(true);
  });
});
