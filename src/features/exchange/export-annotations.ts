/** Writes photographs' boxes, and the photographs if wanted, as a data set that detectors are trained on. */
import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { AnnotationForm } from '../../core/annotation/annotation.ts';
import { exportName } from '../../core/annotation/export-name.ts';
import { BadInput, Broken } from '../../core/domain/failure.ts';
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import { chooseFormWriter } from '../../platform/annotations/choose-form-writer.ts';
import type { FormWriter } from '../../platform/annotations/form-writer.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { explainDisk } from '../../platform/blobs/disk-full.ts';
import type { AnnotationCategoryRepository } from '../../platform/storage/annotation-category-repository.ts';
import type {
  AnnotationExportRepository,
  AnnotationSelection,
  SelectedPicture,
} from '../../platform/storage/annotation-export-repository.ts';

export interface ExportReport {
  readonly pictures: number;
  readonly boxes: number;
  /** Pictures that show nothing. */
  readonly withoutBoxes: number;
  /** Of a set that is narrowed to what is confirmed: pictures with boxes beside these that nobody has judged. */
  readonly undecidedPictures: number;
  /** Photographs whose original is gone from the store; their boxes are in the set. */
  readonly missing: readonly string[];
}

export class ExportAnnotations {
  constructor(
    private readonly pictures: AnnotationExportRepository,
    private readonly categories: AnnotationCategoryRepository,
    private readonly blobs: BlobStore | null,
  ) {}

  /**
   * The folder appears under its name when it is whole.
   *
   * @param withImages copies of the originals: a link would let an edited picture change the evidence
   * @throws BadInput when there is something in the folder already
   */
  async run(
    form: AnnotationForm,
    selection: AnnotationSelection,
    folder: string,
    withImages: boolean,
    onProgress: ProgressListener = ignoreProgress,
  ): Promise<ExportReport> {
    const partial = await prepareFolder(folder);
    try {
      const report = await this.write(form, selection, partial, withImages, onProgress);
      await rmdir(folder).catch(() => {});
      await rename(partial, folder);
      return report;
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw explainDisk(error);
    }
  }

  private async write(
    form: AnnotationForm,
    selection: AnnotationSelection,
    folder: string,
    withImages: boolean,
    onProgress: ProgressListener,
  ): Promise<ExportReport> {
    const numbers = new Map((await this.categories.all()).map((each) => [each.name, each.categoryId]));
    const writer = chooseFormWriter(form, folder, (name) => numbers.get(name)!);
    const report = {
      pictures: 0,
      boxes: 0,
      withoutBoxes: 0,
      undecidedPictures: 0,
      missing: new Array<string>(),
    };
    const total = onProgress === ignoreProgress ? 0 : await this.pictures.count(selection);
    await writer.begin();
    try {
      const names = new Set<string>();
      for await (const picture of this.pictures.pictures(selection)) {
        await this.numberNew(picture, numbers);
        const name = exportName(picture);
        if (names.has(name)) throw new Broken('export-name', `Two photographs would be called ${name}.`);
        names.add(name);
        await writer.add(name, picture);
        if (withImages && !(await this.copyPicture(picture, folder, writer, name))) report.missing.push(name);
        report.pictures++;
        report.boxes += picture.annotations.length;
        if (picture.annotations.length === 0) report.withoutBoxes++;
        if (picture.undecided > 0 && selection.state === 'confirmed') report.undecidedPictures++;
        onProgress({
          stage: 'exporting photographs',
          done: report.pictures,
          total: Math.max(total, report.pictures),
        });
      }
      await writer.finish(await this.categories.all());
      return report;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  private async numberNew(picture: SelectedPicture, numbers: Map<string, number>): Promise<void> {
    const unknown = picture.annotations.filter(({ category }) => !numbers.has(category));
    if (unknown.length === 0) return;
    await this.categories.number(unknown.map(({ category: name }) => ({ name, kind: null })));
    for (const { name, categoryId } of await this.categories.all()) numbers.set(name, categoryId);
  }

  /** @returns false when the store has lost it */
  private async copyPicture(
    { sha256 }: SelectedPicture,
    folder: string,
    writer: FormWriter,
    name: string,
  ): Promise<boolean> {
    if (!this.blobs) throw new Broken('export-images', 'This export has no access to photographs.');
    const target = path.join(folder, writer.pictureFolder, name);
    try {
      await copyFile(this.blobs.pathOf(sha256), target, constants.COPYFILE_FICLONE);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }
}

async function prepareFolder(folder: string): Promise<string> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BadInput('export-folder', `${folder} can't be written: ${error.message}`, {}, { cause: error });
  });
  if (entries.length > 0) {
    throw new BadInput(
      'export-folder',
      `${folder} is not empty: name a folder that is empty or not there yet.`,
    );
  }
  const target = path.resolve(folder);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    return await mkdtemp(`${target}.partial-`);
  } catch (cause) {
    const message = `${folder} can't be written: ${(cause as Error).message}`;
    throw new BadInput('export-folder', message, {}, { cause });
  }
}
