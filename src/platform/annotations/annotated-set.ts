/** What every form of annotations is read into, before its pictures are looked at. */
import type { AnnotationForm, Authorship } from '../../core/annotation/annotation.ts';
import type { PictureSize, PixelBox } from '../../core/annotation/pixel-box.ts';
import type { BadInput } from '../../core/domain/failure.ts';

export interface AnnotatedBox {
  readonly category: string;
  readonly box: PixelBox;
  /** Where in the picture's labels it stands: `line 3`. */
  readonly at: string;
  /** Where the form itself says who drew it. */
  readonly authorship: Authorship | null;
}

export interface AnnotatedPicture {
  /** Path inside the set, with forward slashes: what a split file lists. */
  readonly name: string;
  /** Where it lies on disk, if it is there. */
  readonly file: string;
  /** Where its boxes are written, for messages. */
  readonly labels: string;
  /** Of the original, where the form itself says so. */
  readonly original: { readonly sha256: string; readonly fileName: string } | null;
  /** As the labels say it; null where they don't. */
  readonly size: PictureSize | null;
  /** Of an upright picture of this size; forms that know pixels leave it unused. */
  boxes(picture: PictureSize): readonly AnnotatedBox[];
}

export interface AnnotatedSet<Form = AnnotationForm> {
  readonly form: Form;
  readonly pictures: readonly AnnotatedPicture[];
  /** Classes that the set itself declares, with what it says they are. */
  readonly declared: readonly { readonly name: string; readonly supercategory: string | null }[];
}

/** Is told what can't be read; throw it, and the whole set is refused, keep it, and the rest is read. */
export type ProblemListener = (problem: BadInput) => void;

export const refuseAll: ProblemListener = (problem) => {
  throw problem;
};
