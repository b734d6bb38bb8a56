/** Keeps the `line-inspection` amalgamation loaded for the champion detector. */
import path from 'node:path';
import {
  createLineInspection,
  type InspectionOptions,
  type LineInspection,
} from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { Detection } from '../../core/domain/detection.ts';
import { Unavailable } from '../../core/domain/failure.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import type { DecodedImage } from '../../platform/blobs/decode-image.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import type { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';

export interface InspectedImage {
  readonly detections: readonly Detection[];
  readonly modelVersion: string;
  readonly embeddingSpace: string;
}

export class LineInspector {
  private loaded: { readonly versions: string; readonly inspection: LineInspection } | null = null;

  constructor(
    private readonly versions: ModelVersionRepository,
    private readonly options: InspectionOptions = {},
  ) {}

  /** @throws Unavailable while no detector, or nothing for it to stand on, is champion */
  async inspect(image: DecodedImage): Promise<InspectedImage> {
    const inspection = await this.load();
    const detections = await inspection.inspect(image);
    return { detections, modelVersion: inspection.modelVersion, embeddingSpace: inspection.embeddingSpace };
  }

  private async load(): Promise<LineInspection> {
    const [backbone, detector] = [
      await this.champion('coco-backbone'),
      await this.champion('defect-detector'),
    ];
    const versions = `${backbone.version} ${detector.version}`;
    if (this.loaded?.versions === versions) return this.loaded.inspection;
    const [read, readDetector] = [await readChampion(backbone), await readChampion(detector)];
    const inspection = createLineInspection({ backbone: read, detector: readDetector }, this.options);
    this.loaded?.inspection.dispose();
    this.loaded = { versions, inspection };
    return inspection;
  }

  private async champion(model: string): Promise<Champion> {
    const champion = await this.versions.champion(model);
    if (champion) return champion;
    throw new Unavailable('no-detector', `No version of ${model} is champion yet.`);
  }

  dispose(): void {
    this.loaded?.inspection.dispose();
    this.loaded = null;
  }
}

type Champion = NonNullable<Awaited<ReturnType<ModelVersionRepository['champion']>>>;

function readChampion({ folder }: Champion): Promise<ModelArtifact> {
  return readModelFolder(path.resolve(folder));
}
