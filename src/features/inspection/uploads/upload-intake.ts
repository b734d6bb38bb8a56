/** Takes whole uploads in, also those whose client or process was gone before that was done. */
import type { Upload } from '@tus/server';
import { BadInput } from '../../../core/domain/failure.ts';
import { fileLabel } from '../../../core/domain/file-label.ts';
import { describeProblem } from '../../../platform/ops/problem-filter.ts';
import type {
  ImageUploadRepository,
  ImageUploadRow,
} from '../../../platform/storage/image-upload-repository.ts';
import type { ImageIntake } from '../intake/image-intake.ts';
import { readFlightId } from '../intake/read-flight-id.ts';
import { UPLOAD_LIFE_MS, type ImageUploadStore } from './image-upload-store.ts';

export class UploadIntake {
  private readonly underWay = new Map<string, Promise<ImageUploadRow | null>>();

  constructor(
    private readonly intake: ImageIntake,
    private readonly store: ImageUploadStore,
    private readonly finished: ImageUploadRepository,
  ) {}

  /**
   * Safe to call twice, even at the same time.
   *
   * @returns what became of it; null when another process is at it
   * @throws Unavailable when it must wait: the upload is kept then
   */
  async finish(upload: Upload): Promise<ImageUploadRow | null> {
    const { id } = upload;
    const work = this.underWay.get(id) ?? this.takeIn(upload).finally(() => void this.underWay.delete(id));
    this.underWay.set(id, work);
    return work;
  }

  /**
   * Takes in what is whole and gives up what nobody has sent a byte of for a week.
   *
   * @throws what kept the first one out; those behind it were tried all the same
   */
  async sweep(): Promise<void> {
    const failures: unknown[] = [];
    for (const { upload, quietMs } of await this.store.waiting()) {
      if (upload.size !== undefined && upload.offset === upload.size) {
        await this.finish(upload).catch((error: unknown) => failures.push(error));
      } else if (quietMs > UPLOAD_LIFE_MS) await this.store.forget(upload.id);
    }
    if (failures.length > 0) throw failures[0];
    await this.finished.forgetBefore(new Date(Date.now() - UPLOAD_LIFE_MS));
  }

  private async takeIn(upload: Upload): Promise<ImageUploadRow | null> {
    const known = await this.finished.find(upload.id);
    if (known) return known;
    const fileName = fileLabel(upload.metadata?.filename ?? upload.metadata?.name ?? '');
    const row = await this.accept(upload, fileName);
    if (row === null) return this.finished.find(upload.id);
    await this.finished.add(row);
    await this.store.forget(upload.id);
    return row;
  }

  private async accept(upload: Upload, fileName: string): Promise<ImageUploadRow | null> {
    const row = { upload_id: upload.id, file_name: fileName, byte_count: upload.size ?? upload.offset };
    try {
      const flightId = readFlightId(upload.metadata?.flightId);
      const { imageId } = await this.intake.accept({
        path: this.store.pathOf(upload.id),
        fileName,
        flightId,
      });
      return { ...row, image_id: imageId, problem: null };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      if (!(error instanceof BadInput)) throw error;
      return { ...row, image_id: null, problem: describeProblem(error, `/v1/uploads/${upload.id}`) };
    }
  }
}
