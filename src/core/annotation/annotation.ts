/** Pictures with their boxes as they are exchanged with other tools. */
import type { PictureSize, PixelBox } from './pixel-box.ts';

export const ANNOTATION_FORMS = ['coco', 'voc', 'yolo'] as const;
export type AnnotationForm = (typeof ANNOTATION_FORMS)[number];

/** What the machine saw and nobody has judged, or what a person said. */
export type AnnotationState = 'proposed' | 'confirmed';

/** Who says that a box shows what it shows. */
export interface Authorship {
  readonly state: AnnotationState;
  /** Calibrated probability; null for a box that a person drew. */
  readonly score: number | null;
  readonly modelVersion: string | null;
  readonly reviewedBy: string | null;
  /** ISO 8601, UTC. */
  readonly reviewedAt: string | null;
}

export interface Annotation extends Authorship {
  readonly category: string;
  readonly box: PixelBox;
}

/** What makes a picture the same wherever it goes. */
export interface PictureIdentity extends PictureSize {
  /** Of the original file's bytes, hex. */
  readonly sha256: string;
  /** As its sender named it. */
  readonly fileName: string;
}

export interface ExportedPicture extends PictureIdentity {
  readonly mediaType: string;
  readonly annotations: readonly Annotation[];
}

/** A kind of box, numbered for forms that write numbers. */
export interface AnnotationCategory {
  /** Counts from 1 and never changes. */
  readonly categoryId: number;
  readonly name: string;
  /** Null where nobody has said which. */
  readonly kind: 'object' | 'defect' | null;
}
