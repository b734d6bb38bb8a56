/** Takes photographs in: checked, kept byte for byte, matched to a tower, queued for detection. */
import { rm } from 'node:fs/promises';
import { Broken } from '../../core/domain/failure.ts';
import { hashFile, type BlobStore } from '../../platform/blobs/blob-store.ts';
import { DETECT } from '../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../platform/jobs/jobs.ts';
import type { AssetRepository } from '../../platform/storage/asset-repository.ts';
import type { Database } from '../../platform/storage/database.ts';
import type { ImageRepository } from '../../platform/storage/image-repository.ts';
import { matchTower, type TowerMatch } from './match-tower.ts';
import { readPhotograph, type Photograph } from './read-photograph.ts';

export interface IncomingFile {
  /** Where the upload was received; it is moved or removed. */
  readonly path: string;
  readonly fileName: string;
  readonly byteCount: number;
  /** The mission it belongs to; by default one flight a line and day. */
  readonly flightId: string | null;
}

export interface AcceptedImage {
  readonly imageId: string;
  readonly status: 'queued' | 'analysed' | 'failed';
}

export class ImageIntake {
  constructor(
    private readonly database: Database,
    private readonly images: ImageRepository,
    private readonly assets: AssetRepository,
    private readonly blobs: BlobStore,
    private readonly jobs: Jobs,
    private readonly limits: { readonly maxMegapixels: number },
  ) {}

  /**
   * The same bytes a second time answer with the first image and queue nothing.
   *
   * @throws BadInput when the file is no photograph, too large or damaged; nothing of it is kept then
   */
  async accept(file: IncomingFile): Promise<AcceptedImage> {
    try {
      const known = await this.images.findByHash(await hashFile(file.path));
      if (known) return { imageId: known.image_id, status: known.state };
      const photograph = await readPhotograph(file.path, this.limits.maxMegapixels);
      const tower = await matchTower(this.assets, photograph);
      const sha256 = await this.blobs.keep(file.path);
      return await this.record(file, photograph, tower, sha256);
    } finally {
      await rm(file.path, { force: true });
    }
  }

  private async record(
    file: IncomingFile,
    photograph: Photograph,
    tower: TowerMatch | null,
    sha256: string,
  ): Promise<AcceptedImage> {
    const flightId = file.flightId ?? defaultFlight(photograph, tower);
    return this.database.transaction(async (client) => {
      if (flightId)
        await this.images.registerFlight(client, flightId, tower?.lineId ?? null, photograph.takenAt);
      const imageId = await this.images.add(client, {
        ...photograph,
        sha256,
        flightId,
        tower,
        fileName: file.fileName,
        byteCount: file.byteCount,
      });
      if (imageId) {
        await this.jobs.send(DETECT, { imageId }, client);
        return { imageId, status: 'queued' };
      }
      const known = await this.images.findByHash(sha256);
      if (!known)
        throw new Broken('image-lost', 'An image with the same bytes vanished while it was taken in.');
      return { imageId: known.image_id, status: known.state };
    });
  }
}

function defaultFlight(photograph: Photograph, tower: TowerMatch | null): string | null {
  if (!photograph.takenAt || !tower) return null;
  return `${tower.lineId}-${photograph.takenAt.toISOString().slice(0, 10)}`;
}
