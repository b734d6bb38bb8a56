/** Small copies of photographs, as they are and with what stands on them. */
import { readFile } from 'node:fs/promises';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import { drawBoxes } from './draw-boxes.ts';
import { thumbnailOf } from './intake/read-photograph.ts';

export interface ThumbnailedImage {
  readonly image_id: string;
  readonly sha256: string;
  readonly width_px: number;
  readonly height_px: number;
}

export class Thumbnails {
  constructor(
    private readonly blobs: BlobStore,
    private readonly annotations: AnnotationRepository,
    private readonly maxMegapixels: number,
  ) {}

  /** @returns a JPEG, upright and without metadata */
  async plain({ sha256 }: ThumbnailedImage): Promise<Buffer> {
    return readFile(this.blobs.thumbnailPathOf(sha256)).catch(() => this.make(sha256));
  }

  async withBoxes(image: ThumbnailedImage): Promise<Buffer> {
    const [copy, standing] = await Promise.all([
      this.plain(image),
      this.annotations.standingOn(image.image_id),
    ]);
    const boxes = standing.map(({ x_px, y_px, width_px, height_px, is_defect }) => ({
      xPx: x_px,
      yPx: y_px,
      widthPx: width_px,
      heightPx: height_px,
      isDefect: is_defect,
    }));
    return drawBoxes(copy, { widthPx: image.width_px, heightPx: image.height_px }, boxes);
  }

  /** Photographs that were taken in by earlier versions have none yet. */
  private async make(sha256: string): Promise<Buffer> {
    const jpeg = await thumbnailOf(this.blobs.pathOf(sha256), this.maxMegapixels);
    await this.blobs.keepThumbnail(sha256, jpeg);
    return jpeg;
  }
}
