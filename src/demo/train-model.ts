/** Third chapter: the anomaly model learns from telemetry and the drones' labels, in a process of its own. */
import { TrainAnomaly } from '../features/training/train-anomaly-job.ts';
import { TRAIN_ANOMALY } from '../platform/jobs/job-kinds.ts';
import { Jobs } from '../platform/jobs/jobs.ts';
import { ModelVersionRepository } from '../platform/storage/model-version-repository.ts';
import { Broken } from '../core/domain/failure.ts';
import { pause } from './pause.ts';
import type { Stage, StageContext } from './stage.ts';

const POLL_MS = 200;
const SEED = 1;

export const trainModel: Stage = {
  title: 'The labels train the anomaly model on the impedance telemetry',
  async run({ spanwatch, world, tell, signal }: StageContext): Promise<void> {
    const versions = spanwatch.app.get(ModelVersionRepository);
    const jobs = spanwatch.app.get(Jobs);
    const trainer = spanwatch.app.get(TrainAnomaly, { strict: false });
    const known = await versions.champion('impedance-anomaly');
    if (known) return tell(`already trained: version ${known.version}`);
    const startedAt = performance.now();
    if ((await jobs.pending(TRAIN_ANOMALY.queue)) === 0) {
      await jobs.send(TRAIN_ANOMALY, { cutoff: world.grid.historyEndAt.toISOString(), seed: SEED });
    }
    while ((await jobs.pending(TRAIN_ANOMALY.queue)) > 0) {
      signal.throwIfAborted();
      const { latest } = trainer;
      if (latest) tell(`${latest.stage} ${Math.floor((100 * latest.done) / Math.max(1, latest.total))} %`);
      await pause(POLL_MS);
    }
    const champion = await versions.champion('impedance-anomaly');
    if (!champion) {
      throw new Broken('no-model', `Training gave no model: ${await jobs.lastCause(TRAIN_ANOMALY.queue)}`);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    tell(`version ${champion.version} registered after ${seconds.toFixed(0)} s`);
  },
};
