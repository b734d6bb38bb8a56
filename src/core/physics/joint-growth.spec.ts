import { describe, expect, it } from 'vitest';
import { growJointOhm, jointExcessKelvin, jointResistanceOhm, stepJointOhm } from './joint-growth.ts';

const joint = { initialOhm: 0.2e-3, limitOhm: 2e-3, growthPerHour: 0.015 };
const calm = { loadAmpere: 450, conductorCelsius: 35, conductorChangeKelvin: 0 };

function grown(hours: number, conditions = calm): number {
  let ohm = joint.initialOhm;
  for (let hour = 0; hour < hours; hour++) ohm = stepJointOhm(joint, ohm, conditions, 1);
  return ohm;
}

describe('a failing joint', () => {
  it('reaches half its limit within days and never passes the limit', () => {
    expect(grown(24)).toBeLessThan(0.5 * joint.limitOhm);
    expect(grown(8 * 24)).toBeGreaterThan(0.5 * joint.limitOhm);
    expect(grown(10_000)).toBeLessThanOrEqual(joint.limitOhm);
    expect(stepJointOhm(joint, joint.initialOhm, calm, 1e5)).toBeCloseTo(joint.limitOhm, 9);
  });

  it('grows faster under load and under thermal cycles', () => {
    expect(grown(72, { ...calm, loadAmpere: 700 })).toBeGreaterThan(1.1 * grown(72));
    expect(grown(72, { ...calm, conductorChangeKelvin: 3 })).toBeGreaterThan(1.1 * grown(72));
  });

  it('grows at once by a through-fault, by the given part while far below its limit', () => {
    expect(growJointOhm(joint, 1e-6, 0.2) / 1e-6).toBeCloseTo(Math.exp(0.2), 3);
    expect(growJointOhm(joint, 1.9e-3, 5)).toBeLessThan(joint.limitOhm);
  });

  it('is 30.4 K hotter than its conductor at 1 milliohm and 450 A', () => {
    expect(jointExcessKelvin(1e-3, 450)).toBeCloseTo(30.375, 6);
  });

  it('adds a resistance that rises with the square of the current', () => {
    const added = (loadAmpere: number) =>
      jointResistanceOhm(1e-3, { ...calm, loadAmpere }) -
      jointResistanceOhm(1e-3, { ...calm, loadAmpere: 0 });
    expect(added(600) / added(300)).toBeCloseTo(4, 6);
  });

  it('moves a span of 300 m by 5 % at 1 milliohm', () => {
    expect(jointResistanceOhm(1e-3, calm) / 0.0218).toBeGreaterThan(0.046);
    expect(jointResistanceOhm(1e-3, calm) / 0.0218).toBeLessThan(0.06);
  });
});
