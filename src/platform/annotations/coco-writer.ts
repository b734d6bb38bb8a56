/** Writes COCO form: `annotations.json` beside `images/`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationCategory, ExportedPicture } from '../../core/annotation/annotation.ts';
import { COCO_BEGINNING, cocoAnnotation, cocoEnding, cocoImage } from '../../core/annotation/coco-json.ts';
import type { CategoryNumber, FormWriter } from './form-writer.ts';
import { GrowingFile } from './growing-file.ts';

export class CocoWriter implements FormWriter {
  readonly pictureFolder = 'images';
  private readonly file: GrowingFile;
  /** A line each, some 250 characters. */
  private readonly images: string[] = [];
  private boxes = 0;

  constructor(
    private readonly folder: string,
    private readonly numberOf: CategoryNumber,
  ) {
    this.file = new GrowingFile(join(folder, 'annotations.json'));
  }

  async begin(): Promise<void> {
    await mkdir(join(this.folder, this.pictureFolder));
    await this.file.open();
    await this.file.write(COCO_BEGINNING);
  }

  async add(name: string, picture: ExportedPicture): Promise<void> {
    const imageId = this.images.length + 1;
    this.images.push(cocoImage(imageId, name, picture));
    for (const annotation of picture.annotations) {
      const ids = { id: ++this.boxes, imageId, categoryId: this.numberOf(annotation.category) };
      await this.file.write(`${ids.id === 1 ? '' : ','}\n${cocoAnnotation(ids, annotation)}`);
    }
  }

  async finish(categories: readonly AnnotationCategory[]): Promise<void> {
    await this.file.write(cocoEnding(this.images, categories));
    await this.file.close();
  }

  async abandon(): Promise<void> {
    await this.file.abandon();
  }
}
