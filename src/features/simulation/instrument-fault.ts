/** Sensors that fall silent, stick to their last values, or lose a value now and then. */
import type { Random } from '../../core/statistics/random.ts';
import { SpellBank } from './spells.ts';

const SILENCE = { everyHours: 15 * 24, lengthHours: 1.5 };
const FREEZE = { everyHours: 90 * 24, lengthHours: 4 };
/** Chance that a single quantity of a single reading is missing. */
const MISSING_SHARE = 0.001;

export class InstrumentFaults {
  private readonly silences: SpellBank;
  private readonly freezes: SpellBank;
  private readonly gaps: readonly Random[];
  private readonly isSilent: Uint8Array;
  private readonly hasMeasured: Uint8Array;

  /** @param randoms one a sensor */
  constructor(randoms: readonly Random[], stepHours: number) {
    this.silences = new SpellBank(
      randoms.map((random) => random.fork('silence')),
      SILENCE,
      stepHours,
    );
    this.freezes = new SpellBank(
      randoms.map((random) => random.fork('stuck')),
      FREEZE,
      stepHours,
    );
    this.gaps = randoms.map((random) => random.fork('gaps'));
    this.isSilent = new Uint8Array(randoms.length);
    this.hasMeasured = new Uint8Array(randoms.length);
  }

  /** Call it once a step and sensor, before `isLost`. @returns whether the sensor measures afresh */
  next(index: number): boolean {
    this.isSilent[index] = this.silences.next(index) ? 1 : 0;
    const isStuck = this.freezes.next(index);
    if (isStuck && this.hasMeasured[index] === 1) return false;
    this.hasMeasured[index] = 1;
    return true;
  }

  /** Call it once for every quantity of the reading, in order. */
  isLost(index: number): boolean {
    const isMissing = this.gaps[index]!.uniform() < MISSING_SHARE;
    return isMissing || this.isSilent[index] === 1;
  }
}
