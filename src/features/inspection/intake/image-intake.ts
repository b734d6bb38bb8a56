/** Takes photographs in: checked, kept byte for byte, matched to a tower, queued for detection. */
import { rm, stat } from 'node:fs/promises';
import { BadInput, Broken } from '../../../core/domain/failure.ts';
import { fileLabel } from '../../../core/domain/file-label.ts';
import type { QualityFlag } from '../../../core/domain/image-quality.ts';
import type { TowerMatch } from '../../../core/domain/image-match.ts';
import { hashFile, type BlobStore } from '../../../platform/blobs/blob-store.ts';
import { DETECT } from '../../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../../platform/jobs/jobs.ts';
import type { AssetRepository } from '../../../platform/storage/asset-repository.ts';
import type { Database } from '../../../platform/storage/database.ts';
import type { ImageRepository, ImageRow } from '../../../platform/storage/image-repository.ts';
import { defaultFlight } from './default-flight.ts';
import { matchTower } from './match-tower.ts';
import { readPhotograph, type Photograph } from './read-photograph.ts';

export interface IncomingFile {
  /** Is moved into the store, unless its bytes are there already. */
  readonly path: string;
  readonly fileName: string;
  /** The mission it belongs to; by default one flight a line and day. */
  readonly flightId: string | null;
  /** Where it was reckoned while the file came in. */
  readonly sha256?: string;
}

export interface AcceptedImage {
  readonly imageId: string;
  readonly status: ImageRow['state'];
  /** The same bytes had been taken in before. */
  readonly isKnown: boolean;
  /** What makes it too poor to judge by. */
  readonly quality: QualityFlag[];
}

export interface IntakeLimits {
  readonly maxMegabytes: number;
  readonly maxMegapixels: number;
  /** Of cameras that do not say their time zone. */
  readonly assumedOffsetMinutes: number;
}

export class ImageIntake {
  private readonly underWay = new Map<string, Promise<AcceptedImage>>();

  constructor(
    private readonly database: Database,
    private readonly images: ImageRepository,
    private readonly assets: AssetRepository,
    private readonly blobs: BlobStore,
    private readonly jobs: Jobs,
    private readonly limits: IntakeLimits,
  ) {}

  /**
   * When it returns, the photograph is there to stay. The same bytes a second time, even at the same time, answer with
   * the first image and queue nothing.
   *
   * @throws BadInput when the file is no photograph, too large or damaged; Unavailable when it may be sent again.
   *   Nothing of it is kept then, and the file stays where it is
   */
  async accept(file: IncomingFile): Promise<AcceptedImage> {
    const byteCount = await this.checkSize(file.path);
    const sha256 = file.sha256 ?? (await hashFile(file.path));
    const first = this.underWay.get(sha256);
    if (first) return { ...(await first), isKnown: true };
    const work = this.takeIn(file, byteCount, sha256).finally(() => this.underWay.delete(sha256));
    this.underWay.set(sha256, work);
    return work;
  }

  /** As `accept`, of a file that stays where it is; bytes that are known are not even copied. */
  async acceptCopy(file: Omit<IncomingFile, 'sha256'>): Promise<AcceptedImage> {
    await this.checkSize(file.path);
    const known = await this.findKept(await hashFile(file.path));
    if (known) return known;
    const copy = await this.blobs.receiveCopy(file.path);
    try {
      return await this.accept({ ...file, path: copy });
    } finally {
      await rm(copy, { force: true });
    }
  }

  private async checkSize(file: string): Promise<number> {
    const { size } = await stat(file);
    if (size === 0) throw new BadInput('image-empty', 'The file is empty: send it again.');
    const { maxMegabytes } = this.limits;
    if (size > maxMegabytes * 1e6) {
      throw new BadInput(
        'image-too-large',
        `The file has ${(size / 1e6).toFixed(1)} MB; at most ${maxMegabytes} MB are accepted.`,
      );
    }
    return size;
  }

  private async takeIn(file: IncomingFile, byteCount: number, sha256: string): Promise<AcceptedImage> {
    const known = await this.findKept(sha256);
    if (known) return known;
    const { maxMegapixels, assumedOffsetMinutes } = this.limits;
    const { photograph, thumbnail } = await readPhotograph(file.path, maxMegapixels, {
      receivedAt: new Date(),
      assumedOffsetMinutes,
    });
    const match = await matchTower(this.assets, photograph);
    await this.blobs.keepThumbnail(sha256, thumbnail);
    // The bytes first: a row without its file would be a loss, a file without its row is sent again.
    await this.blobs.keepAs(file.path, sha256);
    return this.record(file, photograph, match, { sha256, byteCount });
  }

  /** A file that was lost from the store is kept again. */
  private async findKept(sha256: string): Promise<AcceptedImage | null> {
    const row = await this.images.findByHash(sha256);
    return row && (await this.blobs.has(sha256)) ? known(row) : null;
  }

  private async record(
    file: IncomingFile,
    photograph: Photograph,
    match: TowerMatch,
    bytes: { readonly sha256: string; readonly byteCount: number },
  ): Promise<AcceptedImage> {
    const lineId = match.tower?.lineId ?? null;
    const flightId = file.flightId ?? defaultFlight(photograph.takenAt, lineId);
    return this.database.transaction(async (client) => {
      if (flightId) await this.images.registerFlight(client, flightId, lineId, photograph.takenAt);
      const fileName = fileLabel(file.fileName);
      const imageId = await this.images.add(client, { ...photograph, ...bytes, flightId, fileName, match });
      if (imageId) {
        await this.jobs.send(DETECT, { imageId }, client);
        return { imageId, status: 'queued', isKnown: false, quality: [...photograph.qualityFlags] };
      }
      // On the same connection: a hundred of these at once would else wait for one another's second one.
      const row = await this.images.findByHash(bytes.sha256, client);
      if (!row)
        throw new Broken('image-lost', 'An image with the same bytes vanished while it was taken in.');
      return known(row);
    });
  }
}

function known(row: ImageRow): AcceptedImage {
  return { imageId: row.image_id, status: row.state, isKnown: true, quality: row.quality_flags };
}
