/** Chooses which towers break, how and when. */
import { drake } from '../../core/physics/conductor.ts';
import type { FailingJoint } from '../../core/physics/joint-growth.ts';
import { jointContactOhm, SOUND_JOINT_RATIO } from '../../core/physics/joint-ratio.ts';
import type { StringDamage } from '../../core/physics/insulator-leakage.ts';
import type { StrandDamage } from '../../core/physics/strand-damage.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import type { DefectKind, SimulationProfile } from './profile.ts';

interface DefectPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly sensorId: string;
  readonly onsetAt: Date;
}

export interface JointDefect extends DefectPlace {
  readonly kind: 'failing_joint';
  readonly joint: FailingJoint;
}

/** Breaks in one instant, by a shot or a flashover. */
export interface BrokenInsulator extends DefectPlace {
  readonly kind: 'broken_insulator';
  readonly damage: StringDamage;
}

/** Aeolian vibration breaks outer strands at a clamp, all in one storm. */
export interface BrokenStrand extends DefectPlace {
  readonly kind: 'broken_strand';
  readonly damage: StrandDamage;
}

export type SimulatedDefect = JointDefect | BrokenInsulator | BrokenStrand;

export interface DefectPlan {
  readonly defects: SimulatedDefect[];
  readonly liveTower: SimulatedTower;
  readonly liveDefect: JointDefect;
}

/** Onsets fall into this part of the history: healthy readings come first, flights come after. */
const ONSETS = { from: 0.1, to: 0.8 };
const DAY_MS = 86_400_000;
const STEP_MS = 600_000;

/** A plain, unmistakable case: about 1 milliohm within four days. */
const LIVE_JOINT: FailingJoint = Object.freeze({
  initialOhm: 0.25e-3,
  limitOhm: 1.5e-3,
  growthPerHour: 0.022,
});

export function planDefects(given: {
  readonly profile: SimulationProfile;
  readonly lines: readonly SimulatedLine[];
  readonly random: Random;
  readonly startMs: number;
  readonly days: number;
  readonly liveOnsetMs: number;
}): DefectPlan {
  const { lines, random, profile } = given;
  const shuffledLines = lines.map((line) => shuffled(line.towers, random));
  // First towers of all lines, then second ones: defects spread evenly over the lines.
  const inTurn: SimulatedTower[] = [];
  for (let rank = 0; inTurn.length < shuffledLines.flat().length; rank++) {
    for (const towers of shuffledLines) inTurn.push(...towers.slice(rank, rank + 1));
  }
  const wanted = Math.round(profile.defectShare * inTurn.length);
  // Something breaks wherever anything may, and one tower stays sound.
  const count = Math.min(profile.defectShare > 0 ? Math.max(1, wanted) : 0, inTurn.length - 1);
  const slots = shuffled([...Array(count).keys()], random);
  const defects = slots.map((slot, index): SimulatedDefect => {
    const part = ONSETS.from + ((ONSETS.to - ONSETS.from) * (slot + random.uniform())) / count;
    const onsetMs = given.startMs + Math.round((part * given.days * DAY_MS) / STEP_MS) * STEP_MS;
    // Kinds take turns within a line as well as from line to line.
    const turn = Math.floor(index / lines.length) + index;
    const kind = profile.defectKinds[turn % profile.defectKinds.length]!;
    return drawDefect(kind, profile, inTurn[index]!, onsetMs, random);
  });
  defects.sort((left, right) => left.onsetAt.getTime() - right.onsetAt.getTime());
  const liveTower = inTurn[count]!;
  return { defects, liveTower, liveDefect: failingJoint(liveTower, given.liveOnsetMs, LIVE_JOINT) };
}

function drawDefect(
  kind: DefectKind,
  profile: SimulationProfile,
  tower: SimulatedTower,
  onsetMs: number,
  random: Random,
): SimulatedDefect {
  if (kind === 'broken_insulator') return brokenInsulator(tower, onsetMs, random);
  if (kind === 'broken_strand') {
    const damage = Object.freeze({ brokenStrands: 3 + Math.floor(8 * random.uniform()) });
    return Object.freeze({ ...place(tower, onsetMs), kind, damage });
  }
  const joint = profile.joints === 'plain' ? drawPlainJoint(random) : drawHeavyTailedJoint(random);
  return failingJoint(tower, onsetMs, joint);
}

/** Ratio above that of a sound joint at the onset: Pareto, so that one in thirty begins above 1. */
const START = { least: 0.1, shape: 1.5, most: 3 };
/** A kelvin of thermal cycle does as much as this long at the reference temperature. */
const CYCLE_HOURS_PER_KELVIN = 1 / 12;

/** Slight at the onset in most cases; from there to a ratio of 2 it takes a month to half a year of usual load. */
function drawHeavyTailedJoint(random: Random): FailingJoint {
  const start = Math.min(START.most, START.least * (1 - random.uniform()) ** (-1 / START.shape));
  const growthPerHour = 0.0008 * Math.exp(0.8 * random.normal());
  const limit = start + 1 + 5 * Math.exp(0.7 * random.normal());
  return Object.freeze({
    initialOhm: jointContactOhm(drake, SOUND_JOINT_RATIO + start),
    limitOhm: jointContactOhm(drake, SOUND_JOINT_RATIO + limit),
    growthPerHour,
    growthPerKelvin: growthPerHour * CYCLE_HOURS_PER_KELVIN,
  });
}

function drawPlainJoint(random: Random): FailingJoint {
  return Object.freeze({
    initialOhm: 0.1e-3 + 0.15e-3 * random.uniform(),
    limitOhm: 1e-3 + 0.7e-3 * random.uniform(),
    growthPerHour: 0.018 * Math.exp(0.25 * random.normal()),
  });
}

function failingJoint(tower: SimulatedTower, onsetMs: number, joint: FailingJoint): JointDefect {
  return Object.freeze({ ...place(tower, onsetMs), kind: 'failing_joint', joint });
}

function brokenInsulator(tower: SimulatedTower, onsetMs: number, random: Random): BrokenInsulator {
  const damage = Object.freeze({
    shortedDiscs: 1 + Math.floor(3 * random.uniform()),
    wetGain: 1.3 + 0.7 * random.uniform(),
  });
  return Object.freeze({ ...place(tower, onsetMs), kind: 'broken_insulator', damage });
}

function place(tower: SimulatedTower, onsetMs: number): DefectPlace {
  return {
    lineId: tower.lineId,
    towerId: tower.towerId,
    sensorId: tower.impedanceSensorId,
    onsetAt: new Date(onsetMs),
  };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random.uniform() * rest.length), 1));
  return order;
}
