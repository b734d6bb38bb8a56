/** The parts of a COCO file: annotations come first, as they are many and need not be held in memory. */
import type { Annotation, AnnotationCategory, ExportedPicture } from './annotation.ts';

export const COCO_BEGINNING = '{"info":{"description":"Spanwatch"},"licenses":[],"annotations":[';

/** After the last annotation. */
export function cocoEnding(images: readonly string[], categories: readonly AnnotationCategory[]): string {
  const listed = categories.map(({ categoryId: id, name, kind }) =>
    JSON.stringify({ id, name, ...(kind ? { supercategory: kind } : {}) }),
  );
  return `\n],"images":[\n${images.join(',\n')}\n],"categories":[\n${listed.join(',\n')}\n]}\n`;
}

export function cocoImage(id: number, name: string, picture: ExportedPicture): string {
  return JSON.stringify({
    id,
    file_name: name,
    width: picture.widthPx,
    height: picture.heightPx,
    sha256: picture.sha256,
    original_name: picture.fileName,
  });
}

/** Keys that COCO does not know are passed over by its readers, and read back by ours. */
export function cocoAnnotation(
  ids: { readonly id: number; readonly imageId: number; readonly categoryId: number },
  { box: { xPx, yPx, widthPx, heightPx }, ...annotation }: Annotation,
): string {
  return JSON.stringify({
    id: ids.id,
    image_id: ids.imageId,
    category_id: ids.categoryId,
    bbox: [xPx, yPx, widthPx, heightPx],
    area: widthPx * heightPx,
    iscrowd: 0,
    segmentation: [],
    ...(annotation.score === null ? {} : { score: annotation.score }),
    state: annotation.state,
    model_version: annotation.modelVersion,
    reviewed_by: annotation.reviewedBy,
    reviewed_at: annotation.reviewedAt,
  });
}
