/** Puts the intake together from what a process has: the platform's own, or that of one command. */
import { readOffset } from '../../../core/domain/capture-time.ts';
import type { BlobStore } from '../../../platform/blobs/blob-store.ts';
import type { Jobs } from '../../../platform/jobs/jobs.ts';
import { AssetRepository } from '../../../platform/storage/asset-repository.ts';
import type { Database } from '../../../platform/storage/database.ts';
import { ImageRepository } from '../../../platform/storage/image-repository.ts';
import type { Settings } from '../../../settings.ts';
import { ImageIntake } from './image-intake.ts';

export function buildIntake(
  settings: Settings,
  database: Database,
  blobs: BlobStore,
  jobs: Jobs,
): ImageIntake {
  const limits = {
    maxMegabytes: settings.MAX_IMAGE_MEGABYTES,
    maxMegapixels: settings.MAX_IMAGE_MEGAPIXELS,
    assumedOffsetMinutes: readOffset(settings.CAMERA_UTC_OFFSET)!,
  };
  const [images, assets] = [new ImageRepository(database), new AssetRepository(database)];
  return new ImageIntake(database, images, assets, blobs, jobs, limits);
}
