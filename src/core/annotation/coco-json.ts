/** The parts of a COCO file, written one after the other so that a set of any size passes through little memory. */
import type { Annotation, AnnotationCategory, ExportedPicture } from './annotation.ts';

/** Everything before the first image. */
export function cocoHead(categories: readonly AnnotationCategory[]): string {
  const listed = categories.map(({ categoryId: id, name, kind }) =>
    JSON.stringify({ id, name, ...(kind ? { supercategory: kind } : {}) }),
  );
  return `{"info":{"description":"Spanwatch"},"licenses":[],"categories":[\n${listed.join(',\n')}\n],"images":[`;
}

/** Between the last image and the first annotation. */
export const COCO_MIDDLE = '\n],"annotations":[';
export const COCO_END = '\n]}\n';

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
  id: number,
  imageId: number,
  categoryId: number,
  { box: { xPx, yPx, widthPx, heightPx }, ...annotation }: Annotation,
): string {
  return JSON.stringify({
    id,
    image_id: imageId,
    category_id: categoryId,
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
