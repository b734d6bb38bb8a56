/** From all boxes of a look to the defects that they show, whether or not each is likely enough to be reported. */
import { OBJECT_OF_DEFECT } from '../domain/finding.ts';
import { boxContainment, boxOverlap, type Box } from '../geometry/box-overlap.ts';
import { heightOfPoint, sumOfSight } from '../geometry/point-on-tower.ts';
import { sightLine } from '../geometry/sight-line.ts';
import { groupSightings } from './group-sightings.ts';
import type { DetectedBox, LookImage } from './look-image.ts';
import type { SightingGroup } from './sighting-group.ts';
import type { Picture, Sighting } from './sighting.ts';

export interface SeenBox extends DetectedBox {
  readonly imageId: string;
}

export interface SeenDefect {
  readonly kind: string;
  /** Pictures of one object are not independent: the surest one decides, and probabilities are not multiplied. */
  readonly probability: number;
  /** The surest first. */
  readonly boxes: readonly SeenBox[];
  /** Longer side of the defect over that of its object; null where no object was found about it. */
  readonly extent: number | null;
  /** Above the point of take-off; null where cameras do not tell it to within `MOST_HEIGHT_SIGMA_METRE`. */
  readonly height: { readonly metre: number; readonly sigmaMetre: number } | null;
}

/** Boxes below are noise of the detector, and are no evidence of anything. */
const SIGHTING_FROM = 0.3;
/** Worse is no help to whoever climbs the tower. */
const MOST_HEIGHT_SIGMA_METRE = 3;
/** So much of a defect lies in the box of the object that it is on. */
const ON_OBJECT = 0.5;
/** An object whose box is that of the defect has no other part: a joint that fails is all of the joint. */
const IS_OBJECT = 0.5;

/** @param tower null where its place is not known */
export function groupDefects(
  images: readonly LookImage[],
  kinds: readonly string[],
  tower: { readonly latitudeDeg: number; readonly longitudeDeg: number } | null,
): SeenDefect[] {
  const byId = new Map(images.map((image) => [image.imageId, image]));
  const pictures = images.map(toPicture);
  return kinds.flatMap((kind) => {
    const seen = new Map<Sighting, DetectedBox>();
    for (const image of images) {
      for (const box of image.boxes) {
        if (box.category === kind && box.score >= SIGHTING_FROM) seen.set(toSighting(image, box, tower), box);
      }
    }
    return groupSightings([...seen.keys()], pictures).map((group): SeenDefect => ({
      kind,
      probability: group.sightings[0]!.score,
      boxes: group.sightings.map((one) => ({ ...seen.get(one)!, imageId: one.imageId })),
      extent: extentOf(
        kind,
        group.sightings.map((one) => ({ box: seen.get(one)!.bbox, others: byId.get(one.imageId)!.boxes })),
      ),
      height: heightOf(group),
    }));
  });
}

/** @param seen the surest first; the first that lies on an object tells */
export function extentOf(
  kind: string,
  seen: readonly { readonly box: Box; readonly others: readonly Pick<DetectedBox, 'category' | 'bbox'>[] }[],
): number | null {
  const object = OBJECT_OF_DEFECT[kind];
  for (const { box, others } of seen) {
    const [around] = others
      .filter(
        ({ category, bbox }) =>
          category === object && boxContainment(bbox, box) >= ON_OBJECT && boxOverlap(bbox, box) < IS_OBJECT,
      )
      .sort((a, b) => longerSide(a.bbox) - longerSide(b.bbox));
    if (around) return Math.min(1, longerSide(box) / longerSide(around.bbox));
  }
  return null;
}

function longerSide([, , width, height]: Box): number {
  return Math.max(width, height);
}

function heightOf({ sights }: SightingGroup): SeenDefect['height'] {
  const height = sights && heightOfPoint(sights);
  return height && height.sigmaMetre <= MOST_HEIGHT_SIGMA_METRE ? height : null;
}

function toPicture(image: LookImage): Picture {
  const { imageId, takenAt, hash, boxes } = image;
  const objects = boxes
    .filter(({ score }) => score >= SIGHTING_FROM)
    .map(({ category, bbox }) => ({ category, box: inShares(bbox, image) }));
  return { imageId, takenAt, hash, objects };
}

function toSighting(
  image: LookImage,
  { category, score, bbox, embedding }: DetectedBox,
  tower: { readonly latitudeDeg: number; readonly longitudeDeg: number } | null,
): Sighting {
  const box = inShares(bbox, image);
  const middle = [box[0] + box[2] / 2, box[1] + box[3] / 2] as const;
  const line = image.pose && tower && sightLine(image.pose, tower, middle);
  return { imageId: image.imageId, kind: category, score, box, sights: line && sumOfSight(line), embedding };
}

function inShares(
  [x, y, width, height]: Box,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Box {
  return [x / widthPx, y / heightPx, width / widthPx, height / heightPx];
}
