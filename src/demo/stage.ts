/** One chapter of the demo's story. */
import type { Spanwatch } from '../main.ts';
import type { DemoWorld } from './demo-world.ts';
import type { PhotographSource } from './photograph-source.ts';

export interface StageContext {
  readonly spanwatch: Spanwatch;
  readonly world: DemoWorld;
  readonly photographs: PhotographSource;
  /** Told to the person who watches; the last text of a stage stays on the screen. */
  readonly tell: (text: string) => void;
  /** Aborted when the person wants to stop: a stage ends soon after, and goes on in the next run. */
  readonly signal: AbortSignal;
}

export interface Stage {
  /** What happens, as the person reads it: `Drones photograph the towers`. */
  readonly title: string;
  /** Safe to run again on the same data: what is done already is found and not done twice. */
  run(context: StageContext): Promise<void>;
}
