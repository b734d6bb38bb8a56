/** What pictures alone say of two boxes, without any pose: one defect, two, or nothing. */
import { hashDistance, NEAR_DUPLICATE_BITS } from '../domain/perceptual-hash.ts';
import { boxContainment, boxOverlap } from '../geometry/box-overlap.ts';
import { frameShift, shifted, type Shift } from './frame-shift.ts';
import type { Picture, Sighting } from './sighting.ts';

export type Relation = 'same' | 'different' | 'unknown';

/** Boxes of one picture that overlap so far are one defect, found twice. */
const TWICE_OVERLAP = 0.5;
const TWICE_CONTAINMENT = 0.8;
/** Boxes of two frames, one of them shifted, show the same place from this overlap up, and two places where they have none. */
const SAME_PLACE_OVERLAP = 0.2;
/** Frames further apart are no burst, however alike they look: a mission flies the same way for every tower. */
const BURST_SECONDS = 60;

/** @returns the relation of any two sightings in these pictures; each pair of pictures is compared once */
export function relateSightings(pictures: readonly Picture[]): (a: Sighting, b: Sighting) => Relation {
  const known = new Map(pictures.map((picture) => [picture.imageId, picture]));
  const shifts = new Map<string, Shift | null>();
  const shiftBetween = (a: string, b: string): Shift | null => {
    const key = `${a} ${b}`;
    if (!shifts.has(key)) {
      const [from, to] = [known.get(a), known.get(b)];
      shifts.set(key, from && to && isOneView(from, to) ? frameShift(from.objects, to.objects) : null);
    }
    return shifts.get(key)!;
  };
  return (a, b) => {
    if (a.imageId === b.imageId) {
      const isTwice =
        boxOverlap(a.box, b.box) >= TWICE_OVERLAP || boxContainment(a.box, b.box) >= TWICE_CONTAINMENT;
      return isTwice ? 'same' : 'different';
    }
    const [first, second] = a.imageId < b.imageId ? [a, b] : [b, a];
    const shift = shiftBetween(first.imageId, second.imageId);
    if (!shift) return 'unknown';
    const overlap = boxOverlap(shifted(first.box, shift), second.box);
    return overlap >= SAME_PLACE_OVERLAP ? 'same' : overlap > 0 ? 'unknown' : 'different';
  };
}

/** Two frames of one burst. */
export function isOneView(a: Picture, b: Picture): boolean {
  if (!a.hash || !b.hash || hashDistance(a.hash, b.hash) > NEAR_DUPLICATE_BITS) return false;
  if (!a.takenAt || !b.takenAt) return true;
  return Math.abs(a.takenAt.getTime() - b.takenAt.getTime()) <= BURST_SECONDS * 1_000;
}
