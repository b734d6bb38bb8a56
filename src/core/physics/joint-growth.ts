/**
 * A compression joint that fails: its contact resistance grows with its own heat, with every thermal cycle and in steps
 * with the short circuits that pass through it, and its heat raises the resistance further while current flows, so the excess follows I².
 */

export interface FailingJoint {
  /** Resistance above that of a sound joint at the onset, at 20 °C. */
  readonly initialOhm: number;
  /** Where growth ends: melted contacts share the current. */
  readonly limitOhm: number;
  /** Part by which it grows an hour at the reference temperature, while far below the limit. */
  readonly growthPerHour: number;
  /** Part by which a temperature change of 1 K works the contacts loose; 0.0015 where left out. */
  readonly growthPerKelvin?: number;
}

export interface JointConditions {
  readonly loadAmpere: number;
  readonly conductorCelsius: number;
  /** How far the conductor's temperature moved since the last step. */
  readonly conductorChangeKelvin: number;
}

const REFERENCE_CELSIUS = 50;
/** Growth doubles about every 30 K. */
const GROWTH_KELVIN = 43;
const GROWTH_PER_KELVIN_OF_CYCLE = 0.0015;
/** Of a joint 0.8 m long and 5 cm thick in a light wind. */
const THERMAL_RESISTANCE_KELVIN_PER_WATT = 0.15;
const RESISTANCE_PER_KELVIN = 0.0039;
/** A joint above this glows and burns off its coating; the conductor would part soon after. */
const HOTTEST_EXCESS_KELVIN = 200;

/** @param contactOhm at 20 °C; @returns how much hotter the joint is than the conductor */
export function jointExcessKelvin(contactOhm: number, loadAmpere: number): number {
  const watt = loadAmpere * loadAmpere * contactOhm;
  return Math.min(HOTTEST_EXCESS_KELVIN, watt * THERMAL_RESISTANCE_KELVIN_PER_WATT);
}

/** What the joint adds to the span now, hot as it is. */
export function jointResistanceOhm(
  contactOhm: number,
  { loadAmpere, conductorCelsius }: JointConditions,
): number {
  const celsius = conductorCelsius + jointExcessKelvin(contactOhm, loadAmpere);
  return contactOhm * (1 + RESISTANCE_PER_KELVIN * (celsius - 20));
}

/** @returns the contact resistance at 20 °C after this time */
export function stepJointOhm(
  joint: FailingJoint,
  contactOhm: number,
  conditions: JointConditions,
  hours: number,
): number {
  const celsius = conditions.conductorCelsius + jointExcessKelvin(contactOhm, conditions.loadAmpere);
  const byHeat = joint.growthPerHour * hours * Math.exp((celsius - REFERENCE_CELSIUS) / GROWTH_KELVIN);
  const perKelvin = joint.growthPerKelvin ?? GROWTH_PER_KELVIN_OF_CYCLE;
  const byCycles = perKelvin * Math.abs(conditions.conductorChangeKelvin);
  return growJointOhm(joint, contactOhm, byHeat + byCycles);
}

/**
 * Growth by this part while far below the limit: what a through-fault does at once by its heat and its forces. It is
 * the logistic equation solved, so that no step, however long, overshoots the limit.
 */
export function growJointOhm(joint: FailingJoint, contactOhm: number, part: number): number {
  const remaining = (joint.limitOhm - contactOhm) * Math.exp(-part);
  return (joint.limitOhm * contactOhm) / (contactOhm + remaining);
}
