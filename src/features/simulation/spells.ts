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

/** Many courses of spells of one shape, each with a generator of its own. */
export class SpellBank {
  readonly ageHours: Float64Array;
  readonly lengthHours: Float64Array;
  readonly strength: Float64Array;
  private readonly hoursToNext: Float64Array;

  constructor(
    private readonly randoms: readonly Random[],
    private readonly shape: SpellShape,
    private readonly stepHours: number,
  ) {
    this.ageHours = new Float64Array(randoms.length);
    this.lengthHours = new Float64Array(randoms.length);
    this.strength = new Float64Array(randoms.length);
    this.hoursToNext = Float64Array.from(randoms, (random) => this.wait(random));
  }

  /** @returns whether one is on at the next step */
  next(index: number): boolean {
    if (this.ageHours[index]! < this.lengthHours[index]!) {
      this.ageHours[index] = this.ageHours[index]! + this.stepHours;
      if (this.ageHours[index] < this.lengthHours[index]!) return true;
      this.hoursToNext[index] = this.wait(this.randoms[index]!);
      return false;
    }
    this.hoursToNext[index] = this.hoursToNext[index]! - this.stepHours;
    if (this.hoursToNext[index] > 0) return false;
    this.begin(index);
    return true;
  }

  private begin(index: number): void {
    const random = this.randoms[index]!;
    this.ageHours[index] = 0;
    this.lengthHours[index] = this.shape.lengthHours * Math.exp(0.5 * random.normal());
    this.strength[index] = random.uniform();
  }

  private wait(random: Random): number {
    return -this.shape.everyHours * Math.log(1 - random.uniform());
  }
}

/** @returns the spell that is on at the next step of a single course, if one is */
export function createSpells(random: Random, shape: SpellShape, stepHours: number): () => Spell | undefined {
  const bank = new SpellBank([random], shape, stepHours);
  return () => {
    if (!bank.next(0)) return undefined;
    const ageHours = bank.ageHours[0]!;
    const [lengthHours, strength] = [bank.lengthHours[0]!, bank.strength[0]!];
    return { begins: ageHours === 0, ageHours, lengthHours, strength };
  };
}
