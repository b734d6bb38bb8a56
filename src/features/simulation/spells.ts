/** Things that come at random and last a while: fronts, showers, switched lines, silent sensors. */
import type { Random } from '../../core/statistics/random.ts';

export interface SpellShape {
  /** Mean time from the end of one to the start of the next. */
  readonly everyHours: number;
  /** Median length; half to twice that is usual. */
  readonly lengthHours: number;
}

export interface Spell {
  /** Whether this is its first step. */
  readonly begins: boolean;
  readonly ageHours: number;
  readonly lengthHours: number;
  /** Drawn once a spell, 0..1. */
  readonly strength: number;
}

/** @returns the spell that is on at the next step, if one is */
export function createSpells(random: Random, shape: SpellShape, stepHours: number): () => Spell | undefined {
  const waiting = () => -shape.everyHours * Math.log(1 - random.uniform());
  let hoursToNext = waiting();
  let ageHours = 0;
  let lengthHours = 0;
  let strength = 0;
  return () => {
    if (ageHours < lengthHours) {
      ageHours += stepHours;
      if (ageHours < lengthHours) return { begins: false, ageHours, lengthHours, strength };
      hoursToNext = waiting();
      return undefined;
    }
    hoursToNext -= stepHours;
    if (hoursToNext > 0) return undefined;
    ageHours = 0;
    lengthHours = shape.lengthHours * Math.exp(0.5 * random.normal());
    strength = random.uniform();
    return { begins: true, ageHours, lengthHours, strength };
  };
}
