/**
 * What Pascal VOC and YOLO have no place for: one line of JSON a picture in `spanwatch.ndjson`, beside the form's own files.
 */
import type { Annotation, ExportedPicture, PictureIdentity } from './annotation.ts';

export const SIDE_FILE = 'spanwatch.ndjson';

export interface SideRecord {
  /** The picture's name in the set. */
  readonly file: string;
  readonly picture: PictureIdentity;
  readonly annotations: readonly Annotation[];
}

export function writeSideRecord(file: string, picture: ExportedPicture): string {
  const { sha256, fileName, widthPx, heightPx, annotations } = picture;
  const boxes = annotations.map(({ category, box, ...authorship }) => {
    return { category, bbox: [box.xPx, box.yPx, box.widthPx, box.heightPx], ...authorship };
  });
  return `${JSON.stringify({ file, sha256, fileName, widthPx, heightPx, annotations: boxes })}\n`;
}
