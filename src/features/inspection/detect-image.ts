/** The detect job: a stored photograph becomes detections, and those the findings of its tower and flight. */
import { availableParallelism } from 'node:os';
import { objectsInView } from '../../core/domain/visibility.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { decodeImage, MOST_PIXELS } from '../../platform/blobs/decode-image.ts';
import { PixelGate } from '../../platform/blobs/pixel-gate.ts';
import type { DetectJob } from '../../platform/jobs/job-kinds.ts';
import type { Metrics } from '../../platform/ops/metrics.ts';
import type { Database } from '../../platform/storage/database.ts';
import type { LookKey } from '../../platform/storage/finding-repository.ts';
import type { ImageRepository, ImageRow } from '../../platform/storage/image-repository.ts';
import { hashPhotograph } from './hash-photograph.ts';
import type { LineInspector } from './line-inspector.ts';
import type { UpdateFindings } from './update-findings.ts';

/** Megapixels that are decoded or looked at in one process: three bytes each, and while they are decoded up to nine. */
const MOST_MEGAPIXELS = MOST_PIXELS / 1e6;

export class DetectImage {
  private readonly gate = new PixelGate(MOST_MEGAPIXELS, availableParallelism() + 1);

  constructor(
    private readonly database: Database,
    private readonly images: ImageRepository,
    private readonly updateFindings: UpdateFindings,
    private readonly blobs: BlobStore,
    private readonly inspector: LineInspector,
    private readonly metrics: Metrics,
  ) {}

  /** Safe to run again: detections are replaced and findings brought up to date, never added twice. */
  async run({ imageId }: DetectJob): Promise<void> {
    const image = await this.images.find(imageId);
    // An image that was deleted while its job waited has nothing left to be done.
    if (!image) return;
    const hash = await hashPhotograph(this.blobs, image.sha256);
    const megapixels = (image.width_px * image.height_px) / 1e6;
    const inspected = await this.gate.pass(megapixels, async () =>
      this.inspector.inspect(await decodeImage(await this.blobs.read(image.sha256))),
    );
    const { detections, modelVersion, embeddingSpace } = inspected;
    await this.database.transaction(async (client) => {
      const inView = objectsInView(detections, image.millimetre_per_pixel, image.quality_flags);
      // Read anew, and kept until the end: a person may have set another tower while the network looked.
      const now = await this.images.storeView(client, imageId, inView, hash);
      if (!now) return;
      const look = lookOf(now);
      // Two photographs of one look, analysed at once, must each see the other's detections: the second waits here.
      const known = look && (await this.updateFindings.recall(client, look));
      await this.images.storeDetections(client, imageId, detections, modelVersion, embeddingSpace);
      if (look && known) await this.updateFindings.update(client, look, known, inspected);
    });
    this.metrics.imagesAnalysed.inc({ outcome: 'analysed' });
  }

  /** Whoever asks after the photograph is told why it was never analysed. */
  async giveUp({ imageId }: DetectJob, cause: string): Promise<void> {
    await this.images.markFailed(imageId, cause);
    this.metrics.imagesAnalysed.inc({ outcome: 'failed' });
  }
}

function lookOf({ line_id: lineId, tower_id: towerId, flight_id: flightId }: ImageRow): LookKey | null {
  return lineId && towerId && flightId ? { lineId, towerId, flightId } : null;
}
