/** Lends the intake of photographs to one command, straight into the database and the store. */
import path from 'node:path';
import pino from 'pino';
import { buildIntake } from '../features/inspection/intake/build-intake.ts';
import type { ImageIntake } from '../features/inspection/intake/image-intake.ts';
import { BlobStore } from '../platform/blobs/blob-store.ts';
import { JOB_KINDS } from '../platform/jobs/job-kinds.ts';
import { Jobs } from '../platform/jobs/jobs.ts';
import { Metrics } from '../platform/ops/metrics.ts';
import type { Database } from '../platform/storage/database.ts';
import type { Settings } from '../settings.ts';

export async function lendIntake<Result>(
  settings: Settings,
  database: Database,
  work: (intake: ImageIntake) => Promise<Result>,
): Promise<Result> {
  const blobs = new BlobStore(path.join(settings.DATA_DIR, 'blobs'));
  await blobs.prepare(settings.DATABASE_URL === undefined);
  const jobs = new Jobs(database, pino({ level: 'silent' }), new Metrics());
  await jobs.start(JOB_KINDS, false);
  try {
    return await work(buildIntake(settings, database, blobs, jobs));
  } finally {
    await jobs.stop();
  }
}
