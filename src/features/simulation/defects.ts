/** Chooses which towers break, how and when. */
import type { FailingJoint } from '../../core/physics/joint-growth.ts';
import type { StringDamage } from '../../core/physics/insulator-leakage.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';

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

export type SimulatedDefect = JointDefect | BrokenInsulator;

export interface DefectPlan {
  readonly defects: SimulatedDefect[];
  readonly liveTower: SimulatedTower;
  readonly liveDefect: JointDefect;
}

const DEFECTIVE_SHARE = 0.28;
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
  readonly lines: readonly SimulatedLine[];
  readonly random: Random;
  readonly startMs: number;
  readonly days: number;
  readonly liveOnsetMs: number;
}): DefectPlan {
  const { lines, random } = given;
  const shuffledLines = lines.map((line) => shuffled(line.towers, random));
  // First towers of all lines, then second ones: defects spread evenly over the lines.
  const inTurn: SimulatedTower[] = [];
  for (let rank = 0; inTurn.length < shuffledLines.flat().length; rank++) {
    for (const towers of shuffledLines) inTurn.push(...towers.slice(rank, rank + 1));
  }
  const count = Math.min(Math.max(1, Math.round(DEFECTIVE_SHARE * inTurn.length)), inTurn.length - 1);
  const slots = shuffled([...Array(count).keys()], random);
  const defects = slots.map((slot, index): SimulatedDefect => {
    const part = ONSETS.from + ((ONSETS.to - ONSETS.from) * (slot + random.uniform())) / count;
    const onsetMs = given.startMs + Math.round((part * given.days * DAY_MS) / STEP_MS) * STEP_MS;
    // Kinds alternate within a line as well as from line to line.
    const isJoint = (Math.floor(index / lines.length) + index) % 2 === 0;
    return isJoint
      ? failingJoint(inTurn[index]!, onsetMs, drawJoint(random))
      : brokenInsulator(inTurn[index]!, onsetMs, random);
  });
  defects.sort((left, right) => left.onsetAt.getTime() - right.onsetAt.getTime());
  const liveTower = inTurn[count]!;
  return { defects, liveTower, liveDefect: failingJoint(liveTower, given.liveOnsetMs, LIVE_JOINT) };
}

function drawJoint(random: Random): FailingJoint {
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
