/** The whole story in one run: a photograph becomes a label, the label trains the model, the model watches. */
import { Failure } from '../core/domain/failure.ts';
import type { Spanwatch } from '../main.ts';
import { DemoWorld } from './demo-world.ts';
import { drawEvent } from './draw-event.ts';
import { flyDrones } from './fly-drones.ts';
import { importHistory } from './import-history.ts';
import { drawnPhotographs, realPhotographs } from './photograph-source.ts';
import type { Stage, StageContext } from './stage.ts';
import { summarise, type DemoSummary } from './summary.ts';
import { trainModel } from './train-model.ts';
import { watchLive } from './watch-live.ts';

/** In the order in which they are told. */
export const STAGES: readonly Stage[] = [importHistory, flyDrones, trainModel, watchLive];

/** A stage that failed, with its title: the demo ends there. */
export class StageFailed extends Error {
  constructor(
    readonly title: string,
    override readonly cause: unknown,
  ) {
    super(`${title}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }

  get reason(): string {
    return this.foreseen
      ? (this.cause as Failure).message
      : String((this.cause as Error).stack ?? this.cause);
  }

  /** Whether the cause is one of ours, with a message for people. */
  get foreseen(): boolean {
    return this.cause instanceof Failure;
  }
}

/** How the teller of the story wraps each stage: a line on a terminal, nothing for a program. */
export type StageTeller = (
  stage: Stage,
  run: (tell: (text: string) => void) => Promise<void>,
) => Promise<void>;

export interface DemoWish {
  /** Which world; the one that the data folder holds already must have the same. */
  readonly seed: number;
  /** Folder of labelled real photographs, for what the drones see; left out, they are drawn. */
  readonly images?: string;
}

/**
 * @throws StageFailed when a stage fails; the signal's reason when it is aborted
 */
export async function runDemo(
  spanwatch: Spanwatch,
  tellStage: StageTeller,
  signal: AbortSignal,
  { seed, images }: DemoWish,
): Promise<DemoSummary> {
  const world = await DemoWorld.open(spanwatch.platform.settings.DATA_DIR, seed);
  const photographs = images === undefined ? drawnPhotographs : await realPhotographs(images);
  const context = (tell: (text: string) => void): StageContext => ({
    spanwatch,
    world,
    photographs,
    tell,
    signal,
  });
  for (const stage of STAGES) {
    await tellStage(stage, async (tell) => {
      try {
        await stage.run(context(tell));
      } catch (cause) {
        signal.throwIfAborted();
        throw new StageFailed(stage.title, cause);
      }
    });
  }
  const summary = await summarise(context(() => {}));
  await drawEvent(spanwatch, world, summary);
  return summary;
}
