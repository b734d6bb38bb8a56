/** What every form of data set is read into, before its pictures are looked at. */
import type { Corners } from '../../../core/geometry/box.ts';
import type { ObjectClass } from '../../../catalogue/models/defect-detector/defaults.ts';

export interface AnnotatedPicture {
  /** Path inside the data set, with forward slashes: what a split file lists. */
  readonly name: string;
  /** Where it lies on disk. */
  readonly file: string;
  /** Where its boxes are written, for messages. */
  readonly labels: string;
  /** Of a picture `width` wide and `height` high; forms that know no size leave the function to scale. */
  boxes(width: number, height: number): readonly { readonly category: string; readonly box: Corners }[];
}

export interface AnnotatedSet {
  readonly form: 'coco' | 'voc' | 'yolo' | 'cplid';
  readonly pictures: readonly AnnotatedPicture[];
  /** Classes that the set itself declares, with what they are. */
  readonly declared: readonly ObjectClass[];
}
