/** The photograph that a request names. */
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import type { ImageRepository, ImageRow } from '../../platform/storage/image-repository.ts';

/** @throws BadInput `not-found` when there is none */
export async function findImage(images: ImageRepository, imageId: string): Promise<ImageRow> {
  const row = z.uuid().safeParse(imageId).success ? await images.find(imageId) : null;
  if (!row) throw new BadInput('not-found', `There is no image ${imageId}.`);
  return row;
}
