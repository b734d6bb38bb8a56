/** Every kind of job: where features meet without importing one another. */
import type { JobKind } from './jobs.ts';

export interface DetectJob {
  readonly imageId: string;
}

export interface DeriveLabelsJob {
  readonly lineId: string;
  readonly towerId: string;
}

export interface TrainAnomalyJob {
  /** Nothing observed or seen after this instant is used; ISO 8601. */
  readonly cutoff: string;
  readonly seed: number;
}

export const DETECT: JobKind<DetectJob> = {
  queue: 'detect',
  retryLimit: 3,
  // A photograph of 100 megapixels is 173 windows: a minute on two cores, and another may have gone before it.
  expireInSeconds: 600,
  // While one photograph is with the network, the next is decoded and the last one's detections are stored.
  atOnce: 2,
};

export const DERIVE_LABELS: JobKind<DeriveLabelsJob> = {
  queue: 'derive-labels',
  retryLimit: 3,
  expireInSeconds: 60,
  key: ({ lineId, towerId }) => `${lineId}/${towerId}`,
};

export const TRAIN_ANOMALY: JobKind<TrainAnomalyJob> = {
  queue: 'train-anomaly',
  // Each stop of the platform in the middle of a training costs one; a training that fails is buried at once.
  retryLimit: 20,
  expireInSeconds: 3_600,
};

/** Deletes readings that are older than they must be kept. */
export const CLEAR_READINGS: JobKind<Record<string, never>> = {
  queue: 'clear-readings',
  retryLimit: 3,
  // Years of readings of a plain table, the first time.
  expireInSeconds: 6 * 3_600,
  key: () => 'all',
};

export const JOB_KINDS = [DETECT, DERIVE_LABELS, TRAIN_ANOMALY, CLEAR_READINGS] as const;
