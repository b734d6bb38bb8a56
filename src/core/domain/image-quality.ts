/** Whether a photograph is good enough to judge a tower by: sharp, neither dark nor burnt out. */

export const QUALITY_FLAGS = ['blurred', 'dark', 'over-exposed'] as const;
export type QualityFlag = (typeof QUALITY_FLAGS)[number];

/** RGB, row by row from the top. */
export interface RgbPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageQuality {
  /** Contrast between neighbours against that between next but one: from 1/4, nothing fine in it, to about 1/2. */
  readonly sharpness: number;
  /** Of 255; a tenth of the picture is brighter. */
  readonly brightLuma: number;
  /** Of the picture, so bright that nothing more can be told. */
  readonly burntShare: number;
}

/**
 * From data: `npm run bench:quality` spoils sound photographs, has the detector look at them, and prints what is
 * flagged. Each limit lies where the detector begins to miss defects and no sound photograph does.
 */
const BLURRED_BELOW = 0.36;
const DARK_BELOW = 40;
const BURNT_FROM = 0.6;

/** Of 255. */
const BURNT_LUMA = 250;

export function qualityFlagsOf({ sharpness, brightLuma, burntShare }: ImageQuality): QualityFlag[] {
  const flags: QualityFlag[] = [];
  // In the dark there is nothing sharp to be found: what it lacks is light.
  if (brightLuma < DARK_BELOW) flags.push('dark');
  else if (sharpness < BLURRED_BELOW) flags.push('blurred');
  if (burntShare >= BURNT_FROM) flags.push('over-exposed');
  return flags;
}

/**
 * @param pixels of a copy half as large as the detector looks at: what a blur takes from it, it has taken from the
 *   finest detail that the detector can use; grain of the sensor is averaged away
 */
export function measureQuality(pixels: RgbPixels): ImageQuality {
  const { data, width, height } = pixels;
  const rowStep = Math.max(1, Math.floor(height / ENOUGH_ROWS));
  const histogram = new Uint32Array(256);
  let count = 0;
  for (let row = 0; row < height; row += rowStep, count += width) {
    for (let at = row * width, end = at + width; at < end; at++) histogram[data[at * 3 + GREEN]!]!++;
  }
  let brightLuma = 255;
  for (let brighter = histogram[255]!; brighter <= count / 10; brighter += histogram[brightLuma]!)
    brightLuma--;
  const burnt = histogram.subarray(BURNT_LUMA).reduce((sum, pixelsOfIt) => sum + pixelsOfIt, 0);
  // A hand that shook, or a drone that drifted, blurs along one direction only: the softest of four counts.
  const sharpness = Math.min(
    ...DIRECTIONS.map(([across, down]) => sharpnessAlong(pixels, down * width + across, rowStep)),
  );
  return { sharpness, brightLuma, burntShare: burnt / count };
}

/** Stands for luma, of which it is the most, and is what sensors see the finest. */
const GREEN = 1;
/** Further ones say the same, and intake waits. */
const ENOUGH_ROWS = 120;

const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/**
 * Energy of differences at one step over that at two. A ramp gives 1/4, an edge between two pixels 1/2, and scaling of
 * contrast cancels out: it says how fine the detail is, not how much of it there is.
 *
 * @param step pixels from one to the next
 */
function sharpnessAlong({ data, width, height }: RgbPixels, step: number, rowStep: number): number {
  let [near, far] = [0, 0];
  for (let row = 1; row < height - 1; row += rowStep) {
    const end = ((row + 1) * width - 1) * 3 + GREEN;
    for (let at = (row * width + 1) * 3 + GREEN; at < end; at += 3) {
      const before = data[at - step * 3]!;
      const here = data[at]!;
      const after = data[at + step * 3]!;
      near += (here - before) ** 2 + (after - here) ** 2;
      far += (after - before) ** 2;
    }
  }
  return far === 0 ? FLAT : near / 2 / far;
}

/** Of a picture without any contrast. */
const FLAT = 1 / 4;
