/** The writer of the form that is asked for. */
import type { AnnotationForm } from '../../core/annotation/annotation.ts';
import { CocoWriter } from './coco-writer.ts';
import type { CategoryNumber, FormWriter } from './form-writer.ts';
import { VocWriter } from './voc-writer.ts';
import { YoloWriter } from './yolo-writer.ts';

export function chooseFormWriter(form: AnnotationForm, folder: string, numberOf: CategoryNumber): FormWriter {
  switch (form) {
    case 'coco':
      return new CocoWriter(folder, numberOf);
    case 'voc':
      return new VocWriter(folder);
    case 'yolo':
      return new YoloWriter(folder, numberOf);
  }
}
