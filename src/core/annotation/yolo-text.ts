/** The text files of a data set in YOLO form. */
import type { AnnotationCategory, ExportedPicture } from './annotation.ts';
import { toYoloRow, writeYoloRow } from './yolo-row.ts';

/** One line a box; nothing of a picture that shows nothing. */
export function yoloLabels(picture: ExportedPicture, classIndexOf: (category: string) => number): string {
  return picture.annotations
    .map(({ category, box }) => `${writeYoloRow(toYoloRow(classIndexOf(category), box, picture))}\n`)
    .join('');
}

/** `data.yaml`; JSON's strings are YAML's, whatever a category is called. */
export function yoloDataYaml(categories: readonly AnnotationCategory[]): string {
  const names = categories.map(({ name }, index) => `  ${index}: ${JSON.stringify(name)}\n`);
  // Who trains divides the pictures: tools ask for both keys, and find all of them under each.
  return `path: .\ntrain: images\nval: images\nnames:\n${names.join('')}`;
}
