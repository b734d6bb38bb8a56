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
  /** That the detector knows. */
  readonly defectKinds: readonly string[];
  readonly modelVersion: string;
  readonly embeddingSpace: string;
}

/** Several photographs may be with it at once; it goes when the last of them is done with it. */
interface Loaded {
  readonly versions: string;
  readonly inspection: LineInspection;
  users: number;
  retired: boolean;
}

export class LineInspector {
  private loaded: Loaded | null = null;
  private loading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly versions: Pick<ModelVersionRepository, 'champion'>,
    private readonly options: InspectionOptions = {},
    private readonly open: typeof createLineInspection = createLineInspection,
  ) {}

  /** @throws Unavailable while no detector, or nothing for it to stand on, is champion */
  async inspect(image: DecodedImage): Promise<InspectedImage> {
    const loaded = await this.borrow();
    try {
      const { inspection } = loaded;
      const detections = await inspection.inspect(image);
      const defects = inspection.classes.filter(({ kind }) => kind === 'defect');
      return {
        detections,
        defectKinds: defects.map(({ name }) => name),
        modelVersion: inspection.modelVersion,
        embeddingSpace: inspection.embeddingSpace,
      };
    } finally {
      loaded.users--;
      release(loaded);
    }
  }

  /** One after the other: two that come at once must not load the same models twice. */
  private borrow(): Promise<Loaded> {
    const borrowed = this.loading.then(async () => {
      const loaded = await this.load();
      loaded.users++;
      return loaded;
    });
    this.loading = borrowed.catch(() => {});
    return borrowed;
  }

  private async load(): Promise<Loaded> {
    const [backbone, detector] = [
      await this.champion('coco-backbone'),
      await this.champion('defect-detector'),
    ];
    const versions = `${backbone.version} ${detector.version}`;
    if (this.loaded?.versions === versions) return this.loaded;
    const [read, readDetector] = [await readChampion(backbone), await readChampion(detector)];
    const inspection = this.open({ backbone: read, detector: readDetector }, this.options);
    this.dispose();
    this.loaded = { versions, inspection, users: 0, retired: false };
    return this.loaded;
  }

  private async champion(model: string): Promise<Champion> {
    const champion = await this.versions.champion(model);
    if (champion) return champion;
    throw new Unavailable('no-detector', `No version of ${model} is champion yet.`);
  }

  dispose(): void {
    if (!this.loaded) return;
    this.loaded.retired = true;
    release(this.loaded);
    this.loaded = null;
  }
}

function release({ inspection, users, retired }: Loaded): void {
  if (retired && users === 0) inspection.dispose();
}

type Champion = NonNullable<Awaited<ReturnType<ModelVersionRepository['champion']>>>;

function readChampion({ folder }: Champion): Promise<ModelArtifact> {
  return readModelFolder(path.resolve(folder));
}
