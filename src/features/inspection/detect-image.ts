/** The detect job: a stored photograph becomes detections, and those the findings of its tower and flight. */
import { availableParallelism } from 'node:os';
import { findingsOf } from '../../core/domain/finding.ts';
import { objectsInView } from '../../core/domain/visibility.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { decodeImage, MOST_PIXELS } from '../../platform/blobs/decode-image.ts';
import { PixelGate } from '../../platform/blobs/pixel-gate.ts';
import { DERIVE_LABELS, type DetectJob } from '../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../platform/jobs/jobs.ts';
import type { Metrics } from '../../platform/ops/metrics.ts';
import type { Database, Queryable } from '../../platform/storage/database.ts';
import type { FindingRepository } from '../../platform/storage/finding-repository.ts';
import type { ImageRepository, ImageRow } from '../../platform/storage/image-repository.ts';
import { toDetection } from './detection-row.ts';
import type { InspectedImage, LineInspector } from './line-inspector.ts';

/** Megapixels that are decoded or looked at in one process: three bytes each, and while they are decoded up to nine. */
const MOST_MEGAPIXELS = MOST_PIXELS / 1e6;

export class DetectImage {
  private readonly gate = new PixelGate(MOST_MEGAPIXELS, availableParallelism() + 1);

  constructor(
    private readonly database: Database,
    private readonly images: ImageRepository,
    private readonly findings: FindingRepository,
    private readonly blobs: BlobStore,
    private readonly jobs: Jobs,
    private readonly inspector: LineInspector,
    private readonly metrics: Metrics,
  ) {}

  /** Safe to run again: detections and findings are replaced, never added twice. */
  async run({ imageId }: DetectJob): Promise<void> {
    const image = await this.images.find(imageId);
    // An image that was deleted while its job waited has nothing left to be done.
    if (!image) return;
    const megapixels = (image.width_px * image.height_px) / 1e6;
    const inspected = await this.gate.pass(megapixels, async () =>
      this.inspector.inspect(await decodeImage(await this.blobs.read(image.sha256))),
    );
    const { detections, modelVersion, embeddingSpace } = inspected;
    await this.database.transaction(async (client) => {
      await this.images.storeDetections(client, imageId, detections, modelVersion, embeddingSpace);
      const inView = objectsInView(detections, image.millimetre_per_pixel, image.quality_flags);
      // Read anew: a person may have set another tower while the network looked.
      const now = await this.images.storeView(client, imageId, inView);
      if (now) await this.updateFindings(client, now, inspected);
    });
    this.metrics.imagesAnalysed.inc({ outcome: 'analysed' });
  }

  /** Whoever asks after the photograph is told why it was never analysed. */
  async giveUp({ imageId }: DetectJob, cause: string): Promise<void> {
    await this.images.markFailed(imageId, cause);
    this.metrics.imagesAnalysed.inc({ outcome: 'failed' });
  }

  /** Everything the flight saw of the tower so far decides, in whatever order its photographs are analysed. */
  private async updateFindings(
    client: Queryable,
    image: ImageRow,
    { modelVersion, defectKinds }: Pick<InspectedImage, 'modelVersion' | 'defectKinds'>,
  ): Promise<void> {
    const { line_id: lineId, tower_id: towerId, flight_id: flightId } = image;
    if (!lineId || !towerId || !flightId) return;
    // Two photographs of one look, analysed at once, must each see the other's detections.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${lineId}/${towerId}/${flightId}`,
    ]);
    const seen = await this.images.ofTowerAndFlight(client, lineId, towerId, flightId);
    const imageIds = seen.map((row) => row.image_id);
    const detections = (await this.images.detectionsOf(imageIds, client)).map(toDetection);
    const inspectedAt = seen.findLast((row) => row.taken_at !== null)?.taken_at ?? image.received_at;
    await this.findings.store(
      client,
      { lineId, towerId, flightId, inspectedAt, imageIds, modelVersion },
      findingsOf(detections, defectKinds, new Set(seen.flatMap((row) => row.objects_in_view ?? []))),
    );
    await this.jobs.send(DERIVE_LABELS, { lineId, towerId }, client);
  }
}
