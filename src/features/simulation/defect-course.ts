/** What becomes of one defect: seen, found, mended or not. */
import { createRandom } from '../../core/statistics/random.ts';
import type { SimulatedDefect } from './defects.ts';
import type { SimulatedGrid } from './grid.ts';
import type { JointWatch } from './joint-watch.ts';
import type { DefectKind } from './profile.ts';
import { chooseRepair } from './repair.ts';
import type { Repair } from './repair.ts';

/** A time is null where it never came. */
export interface Outcome {
  readonly defect: SimulatedDefect;
  /** When a drone could have seen it first. */
  readonly visibleFromAt: Date | null;
  readonly repairedAt: Date | null;
  /** When a joint's ratio first reached 2. */
  readonly ratioTwoAt: Date | null;
  /** Of a joint, over its resistance in a sound conductor; null for other kinds. */
  readonly peakJointRatio: number | null;
}

export class DefectCourse {
  private repair: Repair | undefined;

  /** @param joint of a failing joint: its course, had nobody mended it */
  constructor(
    private readonly grid: SimulatedGrid,
    private readonly defect: SimulatedDefect,
    private readonly joint: JointWatch | undefined,
  ) {}

  kindSeenAt(atMs: number): DefectKind | undefined {
    const isSeen = atMs >= this.visibleFromMs && atMs < this.repairedMs;
    return isSeen ? this.defect.kind : undefined;
  }

  /** A drone has rightly reported it; the first report counts. */
  find(foundAt: Date): void {
    const random = createRandom(this.grid.seed).fork(`repair/${this.defect.sensorId}`);
    this.repair ??= chooseRepair(this.grid, foundAt, random);
  }

  outcome(): Outcome {
    const { defect, joint, repairedMs } = this;
    const within = (ms: number) => (ms < repairedMs && ms !== Infinity ? new Date(ms) : null);
    return {
      defect,
      visibleFromAt: within(this.visibleFromMs),
      repairedAt: this.repair ? new Date(repairedMs) : null,
      ratioTwoAt: within(joint?.severeFromMs ?? Infinity),
      peakJointRatio: joint?.peakRatio(this.repair?.hour) ?? null,
    };
  }

  private get visibleFromMs(): number {
    return this.joint ? this.joint.visibleFromMs : this.defect.onsetAt.getTime();
  }

  private get repairedMs(): number {
    return this.repair?.atMs ?? Infinity;
  }
}
