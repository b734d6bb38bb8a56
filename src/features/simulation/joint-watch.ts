/** Follows one failing joint through time: when it can first be seen, when it is severe, and how bad it was on each day. */
import { drake } from '../../core/physics/conductor.ts';
import { jointContactOhm, jointRatio } from '../../core/physics/joint-ratio.ts';

/** From this ratio on a joint is to be replaced very soon. */
const SEVERE_OHM = jointContactOhm(drake, 2);

export class JointWatch {
  visibleFromMs = Infinity;
  severeFromMs = Infinity;
  /** Contact resistance just before each moment at which a crew may mend it. */
  private readonly atRepairHours: number[] = [];
  private newestOhm = 0;

  constructor(private readonly visibleOhm: number) {}

  /** @param isRepairHour whether a crew may come at this step; what it finds is the joint before */
  note(atMs: number, contactOhm: number, isRepairHour: boolean): void {
    if (isRepairHour) this.atRepairHours.push(this.newestOhm);
    this.newestOhm = contactOhm;
    if (contactOhm >= this.visibleOhm) this.visibleFromMs = Math.min(this.visibleFromMs, atMs);
    if (contactOhm >= SEVERE_OHM) this.severeFromMs = Math.min(this.severeFromMs, atMs);
  }

  /** Growth never goes back, so the last value is the peak. @param repairHour counted from the first; left out: never */
  peakRatio(repairHour?: number): number {
    const ohm = repairHour === undefined ? this.newestOhm : this.atRepairHours[repairHour]!;
    return jointRatio(drake, ohm);
  }
}
