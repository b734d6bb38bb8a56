import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drake } from './conductor.ts';
import {
  earthReactanceOhmPerMetre,
  earthResistanceOhmPerMetre,
  earthReturnDepthMetre,
} from './earth-return.ts';

interface Golden {
  readonly cases: readonly {
    readonly frequencyHertz: number;
    readonly soilOhmMetre: number;
    readonly distanceMetre: number;
    readonly resistanceOhmPerMetre: number;
    readonly reactanceOhmPerMetre: number;
    readonly depthMetre: number;
  }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/carson-earth-return.json', import.meta.url), 'utf8'),
) as Golden;
const deviation = (value: number, reference: number) => Math.abs(value / reference - 1);

describe('the earth return', () => {
  it.each(golden.cases)(
    "is within 0.1 % of Carson's integral at $frequencyHertz Hz, $soilOhmMetre ohm metre and $distanceMetre m",
    (at) => {
      const { frequencyHertz, soilOhmMetre, distanceMetre } = at;
      expect(deviation(earthResistanceOhmPerMetre(frequencyHertz), at.resistanceOhmPerMetre)).toBeLessThan(
        1e-3,
      );
      const reactance = earthReactanceOhmPerMetre(distanceMetre, soilOhmMetre, frequencyHertz);
      expect(deviation(reactance, at.reactanceOhmPerMetre)).toBeLessThan(1e-3);
      expect(deviation(earthReturnDepthMetre(soilOhmMetre, frequencyHertz), at.depthMetre)).toBeLessThan(
        1e-3,
      );
    },
  );

  it('has the constants per mile at 60 Hz and 100 ohm metre that handbooks print, within 0.1 %', () => {
    const mile = 1609.344;
    const foot = 0.3048;
    expect(deviation(earthResistanceOhmPerMetre(60) * mile, 0.0953)).toBeLessThan(1e-3);
    const perLogarithm =
      earthReactanceOhmPerMetre(foot, 100, 60) - earthReactanceOhmPerMetre(Math.E * foot, 100, 60);
    expect(deviation(perLogarithm * mile, 0.12134)).toBeLessThan(1e-3);
    expect(deviation(Math.log(earthReturnDepthMetre(100, 60) / foot), 7.934)).toBeLessThan(1e-3);
  });

  it('loses 0.078 ohm per kilometre of zero-sequence reactance as the soil goes from 100 to 50 ohm metre', () => {
    const zeroSequence = (soilOhmMetre: number) =>
      earthReactanceOhmPerMetre(drake.geometricMeanRadiusMetre, soilOhmMetre, 60) +
      2 * earthReactanceOhmPerMetre(7, soilOhmMetre, 60);
    expect((zeroSequence(100) - zeroSequence(50)) * 1000).toBeCloseTo(0.078, 3);
  });
});
