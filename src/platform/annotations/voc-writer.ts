/** Writes Pascal VOC form: `Annotations/`, `JPEGImages/`, a list of all pictures, and the side file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportedPicture } from '../../core/annotation/annotation.ts';
import { nameStem } from '../../core/annotation/export-name.ts';
import { SIDE_FILE, writeSideRecord } from '../../core/annotation/side-record.ts';
import { vocXml } from '../../core/annotation/voc-text.ts';
import type { FormWriter } from './form-writer.ts';
import { GrowingFile } from './growing-file.ts';

const LABELS = 'Annotations';
const LISTS = join('ImageSets', 'Main');

export class VocWriter implements FormWriter {
  readonly pictureFolder = 'JPEGImages';
  private readonly side: GrowingFile;
  private readonly list: GrowingFile;

  constructor(private readonly folder: string) {
    this.side = new GrowingFile(join(folder, SIDE_FILE));
    this.list = new GrowingFile(join(folder, LISTS, 'all.txt'));
  }

  async begin(): Promise<void> {
    await mkdir(join(this.folder, this.pictureFolder));
    await mkdir(join(this.folder, LABELS));
    await mkdir(join(this.folder, LISTS), { recursive: true });
    await this.side.open();
    await this.list.open();
  }

  async add(name: string, picture: ExportedPicture): Promise<void> {
    const stem = nameStem(name);
    await writeFile(join(this.folder, LABELS, `${stem}.xml`), vocXml(name, picture));
    await this.list.write(`${stem}\n`);
    await this.side.write(writeSideRecord(name, picture));
  }

  async finish(): Promise<void> {
    await this.list.close();
    await this.side.close();
  }

  async abandon(): Promise<void> {
    await this.list.abandon();
    await this.side.abandon();
  }
}
