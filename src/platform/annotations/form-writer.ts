/** What writes an annotated set into an empty folder, picture by picture. */
import type { AnnotationCategory, ExportedPicture } from '../../core/annotation/annotation.ts';

export interface FormWriter {
  /** Where the form looks for pictures, inside the folder. */
  readonly pictureFolder: string;
  /** Makes folders and opens files. */
  begin(): Promise<void>;
  /** @param name of the picture in the set; one name a picture */
  add(name: string, picture: ExportedPicture): Promise<void>;
  /** @param categories by number, those that no box has among them */
  finish(categories: readonly AnnotationCategory[]): Promise<void>;
  /** Closes what is open, of a set that will not be finished. */
  abandon(): Promise<void>;
}

/** The number of a category; asked of every box. */
export type CategoryNumber = (category: string) => number;
