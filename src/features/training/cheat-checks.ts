/** Exposes a detector that looks at the wrong thing: defects are painted out, and seams without a defect pasted in. */
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { boxArea, sharedBox, widenBox, type Corners } from '../../core/geometry/box.ts';
import { paintOut } from '../../catalogue/models/defect-detector/paint-out.ts';
import { pastePatch } from '../../catalogue/models/defect-detector/paste-patch.ts';
import type { Pixels } from '../../catalogue/models/defect-detector/resize-pixels.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { createRandom, type Random } from '../../core/statistics/random.ts';
import type { LabelledPicture } from './detector-data.ts';
import { shareOf, type Share } from './detector-figures.ts';
import { findBoxes } from './inspect-pictures.ts';

export interface CheatFigures {
  /** Reported defects that are no longer reported once painted out: what made the score was the defect. */
  readonly vanishPaintedOut: Share;
  /** Pictures without a defect on which one is reported once sound patches are pasted in: seams make no defect. */
  readonly flaggedForSeams: Share;
}

/** Painted a little beyond its box, so that no rim of it stays. */
const PAINTED_MARGIN = 0.1;
const PATCHES = 3;
/** Of the shorter side of the picture: about a defect's size. */
const PATCH_SIDE = 0.06;
const SEED = 'cheat checks';

export async function cheatChecks(
  inspection: LineInspection,
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
): Promise<CheatFigures> {
  const defects = inspection.classes.filter(({ kind }) => kind === 'defect');
  const isDefect = (name: string): boolean => defects.some((each) => each.name === name);
  const reported = async (pixels: Pixels): Promise<Corners[]> =>
    (await findBoxes(inspection, pixels))
      .filter(({ category, score }) => defects.some((d) => d.name === category && score >= d.threshold))
      .map(({ box }) => box);
  let [seen, vanished, clean, flagged, done] = [0, 0, 0, 0, 0];
  for (const { name, boxes, read } of pictures) {
    const pixels = await read();
    const marks = boxes.filter(({ category }) => isDefect(category)).map(({ box }) => box);
    if (marks.length > 0) {
      const before = await reported(pixels);
      const painted = { ...pixels, data: pixels.data.slice() };
      for (const box of marks) paintOut(painted, widenBox(box, PAINTED_MARGIN));
      const after = await reported(painted);
      for (const mark of marks.filter((box) => before.some((found) => touches(found, box)))) {
        seen += 1;
        vanished += after.some((found) => touches(found, mark)) ? 0 : 1;
      }
    } else {
      const patched = { ...pixels, data: pixels.data.slice() };
      pasteSeams(createRandom(`${SEED}/${name}`), patched, pixels);
      clean += 1;
      flagged += (await reported(patched)).length > 0 ? 1 : 0;
    }
    onProgress({ stage: 'looking for shortcuts', done: ++done, total: pictures.length });
  }
  return { vanishPaintedOut: shareOf(vanished, seen), flaggedForSeams: shareOf(flagged, clean) };
}

/** Pieces of the same picture, moved, with the seams that composites have. */
function pasteSeams(random: Random, target: Pixels, from: Pixels): void {
  const side = PATCH_SIDE * Math.min(from.width, from.height);
  for (let patch = 0; patch < PATCHES; patch++) {
    const [left, top] = [random.uniform() * (from.width - side), random.uniform() * (from.height - side)];
    pastePatch(target, {
      from,
      source: [left, top, left + side, top + side],
      middle: [random.uniform() * from.width, random.uniform() * from.height],
      scale: 1,
      rim: 0.2,
    });
  }
}

function touches(a: Corners, b: Corners): boolean {
  return boxArea(sharedBox(a, b)) > 0.1 * Math.min(boxArea(a), boxArea(b));
}
