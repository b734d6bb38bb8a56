/** Writes YOLO form: `labels/`, `images/`, `data.yaml`, and the side file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationCategory, ExportedPicture } from '../../core/annotation/annotation.ts';
import { nameStem } from '../../core/annotation/export-name.ts';
import { SIDE_FILE, writeSideRecord } from '../../core/annotation/side-record.ts';
import { yoloDataYaml, yoloLabels } from '../../core/annotation/yolo-text.ts';
import type { CategoryNumber, FormWriter } from './form-writer.ts';
import { GrowingFile } from './growing-file.ts';

const LABELS = 'labels';

export class YoloWriter implements FormWriter {
  readonly pictureFolder = 'images';
  private readonly side: GrowingFile;

  constructor(
    private readonly folder: string,
    private readonly numberOf: CategoryNumber,
  ) {
    this.side = new GrowingFile(join(folder, SIDE_FILE));
  }

  async begin(): Promise<void> {
    await mkdir(join(this.folder, this.pictureFolder));
    await mkdir(join(this.folder, LABELS));
    await this.side.open();
  }

  async add(name: string, picture: ExportedPicture): Promise<void> {
    const labels = yoloLabels(picture, (category) => this.numberOf(category) - 1);
    await writeFile(join(this.folder, LABELS, `${nameStem(name)}.txt`), labels);
    await this.side.write(writeSideRecord(name, picture));
  }

  async finish(categories: readonly AnnotationCategory[]): Promise<void> {
    await writeFile(join(this.folder, 'data.yaml'), yoloDataYaml(categories));
    await this.side.close();
  }

  async abandon(): Promise<void> {
    await this.side.abandon();
  }
}
