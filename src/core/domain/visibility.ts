/** Which kinds of object a photograph shows well enough to say that nothing is wrong with them. */
import type { Detection } from './detection.ts';
import type { QualityFlag } from './image-quality.ts';

/** An object counts as seen from this probability up. */
const SEEN_FROM = 0.5;

/**
 * Size of what is looked for on an object: the disc that is missing from a string is 255 mm wide (IEC 60305, U70BL),
 * the burnt sleeve of a joint some 60 mm.
 */
const TELLING_MILLIMETRE: Readonly<Record<string, number>> = { insulator: 255, joint: 60 };

/** Fewer pixels of it are a guess: half of the smallest defects on which the detector was measured. */
const TELLING_PIXELS = 10;

/**
 * @param millimetrePerPixel on the tower; null where the camera does not say enough, and seeing the object must do
 * @param qualityFlags of a photograph that is blurred, dark or burnt out: it shows defects, but not that there is none
 */
export function objectsInView(
  detections: readonly Detection[],
  millimetrePerPixel: number | null,
  qualityFlags: readonly QualityFlag[],
): string[] {
  if (qualityFlags.length > 0) return [];
  const seen = new Set(detections.filter(({ score }) => score >= SEEN_FROM).map(({ category }) => category));
  return [...seen].filter((category) => isLargeEnough(category, millimetrePerPixel)).sort();
}

function isLargeEnough(category: string, millimetrePerPixel: number | null): boolean {
  const telling = TELLING_MILLIMETRE[category];
  return (
    telling === undefined || millimetrePerPixel === null || telling / millimetrePerPixel >= TELLING_PIXELS
  );
}
