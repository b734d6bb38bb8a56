/** Keeps the `line-inspection` amalgamation loaded for the champion detector. */
import path from 'node:path';
import {
  createLineInspection,
  type LineInspection,
} from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { Detection } from '../../core/domain/detection.ts';
import { Unavailable } from '../../core/domain/failure.ts';
import type { DecodedImage } from '../../platform/blobs/decode-image.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import type { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';

export interface InspectedImage {
  readonly detections: readonly Detection[];
  readonly modelVersion: string;
  readonly embeddingSpace: string;
}

export class LineInspector {
  private loaded: LineInspection | null = null;

  constructor(private readonly versions: ModelVersionRepository) {}

  /** @throws Unavailable while no detector is champion */
  async inspect(image: DecodedImage): Promise<InspectedImage> {
    const inspection = await this.load();
    const detections = await inspection.inspect(image);
    return { detections, modelVersion: inspection.modelVersion, embeddingSpace: inspection.embeddingSpace };
  }

  private async load(): Promise<LineInspection> {
    const champion = await this.versions.champion('defect-detector');
    if (!champion) throw new Unavailable('no-detector', 'No version of defect-detector is champion yet.');
    if (this.loaded?.modelVersion === champion.version) return this.loaded;
    const next = createLineInspection(await readModelFolder(path.resolve(champion.folder)));
    this.loaded?.dispose();
    this.loaded = next;
    return next;
  }

  dispose(): void {
    this.loaded?.dispose();
    this.loaded = null;
  }
}
