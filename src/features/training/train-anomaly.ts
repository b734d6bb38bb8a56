/** Trains an anomaly model from files, measures it, and writes it as a model folder with the record of how. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MODEL_NAME, toParameters, toWeights } from '../../catalogue/models/impedance-anomaly/artifact.ts';
import { fitImpedanceAnomaly } from '../../catalogue/models/impedance-anomaly/fit-impedance-anomaly.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { ModelManifest } from '../../core/domain/model-artifact.ts';
import { packWeights } from '../../core/domain/model-weights.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { sha256Hex, writeModelFolder } from '../../platform/blobs/model-folder.ts';
import type { Compute } from '../../platform/compute/choose-backend.ts';
import { NO_SITES, readSites } from '../../platform/csv/read-sites.ts';
import { projectVersion } from '../../platform/project-root.ts';
import { readLooks } from './read-looks.ts';
import { readSeries } from './read-series.ts';

export interface TrainAnomalyOptions {
  readonly telemetryCsv: string;
  readonly channels: readonly string[];
  readonly context: readonly string[];
  /** Without it training is unsupervised. */
  readonly inspectionsCsv?: string;
  /** Sensors of one site are compared with each other; without it all are. */
  readonly sitesCsv?: string;
  readonly out: string;
  readonly seed: number;
  readonly falseAlarmsPerSensorYear: number;
  /** Nothing after it is used; default: all of it. */
  readonly cutoff?: Date;
}

/** The backend must be ready: `prepareCompute` before this. */
export async function trainAnomalyModel(
  options: TrainAnomalyOptions,
  progress: ProgressListener,
  compute?: Pick<Compute, 'backend' | 'versions'>,
): Promise<ModelManifest> {
  checkOptions(options);
  const { telemetryCsv, inspectionsCsv, sitesCsv, channels, context, seed, falseAlarmsPerSensorYear } =
    options;
  const until = options.cutoff?.getTime() ?? Infinity;
  const { size } = await stat(telemetryCsv).catch(() => ({ size: 1 }));
  const reading = 'reading telemetry';
  const series = await readSeries(telemetryCsv, channels, context, until, (done) =>
    progress({ stage: reading, done, total: size }),
  );
  const known = new Set(series.map(({ sensorId }) => sensorId));
  const looks = inspectionsCsv === undefined ? [] : await readLooks(inspectionsCsv, known, until);
  const { sites, towers } = sitesCsv === undefined ? NO_SITES : await readSites(sitesCsv);
  const fit = await fitImpedanceAnomaly(
    { series, channels, context, looks, sites, towers, seed, falseAlarmsPerSensorYear },
    (stage, share) => progress({ stage, done: Math.round(share * 100), total: 100 }),
  );
  const packed = packWeights(toWeights(fit));
  const weightsSha256 = sha256Hex(packed.bytes);
  const createdAt = new Date().toISOString();
  const last = Math.max(...series.map(({ observedAt }) => observedAt.at(-1)!));
  const manifest: ModelManifest = {
    formatVersion: 1,
    model: MODEL_NAME,
    version: `${createdAt.slice(0, 19).replaceAll(':', '-')}Z-${weightsSha256.slice(0, 8)}`,
    createdAt,
    record: {
      cutoff: (options.cutoff ?? new Date(last)).toISOString(),
      seed,
      settings: { channels, context, falseAlarmsPerSensorYear },
      data: {
        readings: series.reduce((sum, { observedAt }) => sum + observedAt.length, 0),
        sensors: series.length,
        looks: looks.length,
        sha256: await hashFiles({ telemetryCsv, inspectionsCsv, sitesCsv: options.sitesCsv }),
      },
      split: 'four folds of towers and the last fifth of the time for the metrics; all of it for the weights',
      backend: compute?.backend ?? null,
      versions: { spanwatch: projectVersion, node: process.version, ...compute?.versions },
    },
    metrics: fit.metrics,
    parameters: toParameters(fit),
    weights: packed.entries,
    weightsSha256,
  };
  await writeModelFolder(options.out, { manifest, weights: packed.bytes });
  return manifest;
}

function checkOptions({ channels, context, falseAlarmsPerSensorYear }: TrainAnomalyOptions): void {
  if (channels.length === 0) throw new BadInput('no-channels', 'Name at least one channel to watch.');
  const twice = [...channels, ...context].find((name, at, all) => all.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new BadInput(
      'column-twice',
      `Column ${twice} is named twice among channels and context; once is allowed.`,
    );
  }
  if (falseAlarmsPerSensorYear > 0 && Number.isFinite(falseAlarmsPerSensorYear)) return;
  throw new BadInput('false-alarms', 'The allowed false alarms per sensor-year must be a number above zero.');
}

async function hashFiles(
  files: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    hashes[name.replace(/Csv$/, '')] = hash.digest('hex');
  }
  return hashes;
}
