/** Gives boxes that came through Pascal VOC or YOLO back what these forms can't hold. */
import type { Annotation, AnnotationForm } from './annotation.ts';
import { boxOfCorners, cornersOfBox, isSameBox, type PictureSize, type PixelBox } from './pixel-box.ts';
import { fromYoloRow, toYoloRow } from './yolo-row.ts';

/** As it is read back after the form has been written: off by rounding. */
export function throughForm(form: AnnotationForm, box: PixelBox, picture: PictureSize): PixelBox {
  if (form === 'coco') return box;
  if (form === 'voc') return boxOfCorners(cornersOfBox(box));
  return fromYoloRow(toYoloRow(0, box, picture), picture);
}

/**
 * A box that is still as it was written gets its exact place, score and reviewer back; one that was moved, renamed or drawn
 * since is whoever changed it's own. Each annotation is given once.
 *
 * @returns of each box its annotation, or null
 */
export function restoreBoxes(
  form: AnnotationForm,
  boxes: readonly { readonly category: string; readonly box: PixelBox }[],
  written: readonly Annotation[],
  picture: PictureSize,
): (Annotation | null)[] {
  const left = written.map((annotation) => ({
    annotation,
    asRead: throughForm(form, annotation.box, picture),
  }));
  return boxes.map(({ category, box }) => {
    const at = left.findIndex(
      ({ annotation, asRead }) => annotation.category === category && isSameBox(asRead, box),
    );
    return at < 0 ? null : left.splice(at, 1)[0]!.annotation;
  });
}
