/** The train-anomaly job: snapshot, training in a child process, registration, promotion. */
import path from 'node:path';
import type { Progress } from '../../core/domain/progress.ts';
import type { ModelManifest } from '../../core/domain/model-artifact.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import type { TrainAnomalyJob } from '../../platform/jobs/job-kinds.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import type { TrainingSnapshotRepository } from '../../platform/storage/training-snapshot-repository.ts';
import { runTraining } from './run-training.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** Quantities whose departure from what the context explains is an anomaly. */
export const CHANNELS = ['resistance_ohm', 'reactance_ohm', 'leakage_milliampere'] as const;

/** What moves a healthy reading. */
export const CONTEXT = [
  'load_ampere',
  'air_celsius',
  'humidity_percent',
  'rain_millimetre_per_hour',
  'wind_metre_per_second',
  'solar_watt_per_square_metre',
] as const;

export class TrainAnomaly {
  private readonly stopping = new AbortController();
  private progress: Progress | null = null;

  constructor(
    private readonly snapshots: TrainingSnapshotRepository,
    private readonly versions: ModelVersionRepository,
    private readonly folders: { readonly training: string; readonly models: string },
    private readonly logger: Logger,
  ) {}

  /** How far the training that runs now has come; null before the first. */
  get latest(): Progress | null {
    return this.progress;
  }

  async run({ cutoff, seed }: TrainAnomalyJob): Promise<ModelManifest> {
    const onProgress = (progress: Progress) => (this.progress = progress);
    const name = `${cutoff.replaceAll(':', '-')}-seed${seed}`;
    onProgress({ stage: 'writing the training snapshot', done: 0, total: 1 });
    const snapshot = await writeSnapshot(
      this.snapshots,
      new Date(cutoff),
      path.join(this.folders.training, name),
    );
    const out = path.join(this.folders.models, 'impedance-anomaly', name);
    await runTraining(
      [
        ...['anomaly', 'train', '--telemetry', snapshot.telemetryCsv, '--out', out, '--seed', String(seed)],
        ...['--channels', CHANNELS.join(','), '--context', CONTEXT.join(','), '--cutoff', cutoff, '--json'],
        ...['--sites', snapshot.sitesCsv],
        // With no look at all training is unsupervised.
        ...(snapshot.looks > 0 ? ['--inspections', snapshot.inspectionsCsv] : []),
      ],
      onProgress,
      this.stopping.signal,
    );
    const { manifest } = await readModelFolder(out);
    await this.versions.register(manifest, out);
    await this.versions.promote(manifest.model, manifest.version);
    this.logger.info(
      { model: manifest.model, version: manifest.version, ...snapshot },
      'model trained and promoted',
    );
    return manifest;
  }

  /** Ends a training that is running; its job is taken up at the next start. */
  stop(): void {
    this.stopping.abort();
  }
}
