/** The text files of a data set in YOLO form. */
import type { AnnotationCategory, ExportedPicture } from './annotation.ts';
import { toYoloRow, writeYoloRow } from './yolo-row.ts';

/** One line a box; nothing of a picture that shows nothing. */
export function yoloLabels(picture: ExportedPicture, classIndexOf: (category: string) => number): string {
  return picture.annotations
    .map(({ category, box }) => `${writeYoloRow(toYoloRow(classIndexOf(category), box, picture))}\n`)
    .join('');
}

/** `data.yaml`: tools ask for both keys, and whoever trains divides the pictures. JSON's strings are YAML's as well. */
export function yoloDataYaml(categories: readonly AnnotationCategory[]): string {
  const names = categories.map(({ name }, index) => `\n  ${index}: ${JSON.stringify(name)}`);
  return `train: images\nval: images\nnames:${names.join('') || ' {}'}\n`;
}
