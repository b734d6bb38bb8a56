/** By how much one frame of a burst is shifted against another, read off the objects that both show. */
import { boxOverlap, type Box } from '../geometry/box-overlap.ts';
import type { Picture } from './sighting.ts';

export type Shift = readonly [x: number, y: number];

/** Frames that look alike are not further apart, in shares of width and height. */
const MOST_SHIFT = 0.1;

type Objects = Picture['objects'];

/** The shift that lays the objects of one frame best on those of the other; null where none lays any on any. */
export function frameShift(from: Objects, to: Objects): Shift | null {
  let best: Shift = [0, 0];
  let most = alike(from, to, best);
  for (const a of from) {
    for (const b of to) {
      if (a.category !== b.category) continue;
      const shift: Shift = [middle(b.box)[0] - middle(a.box)[0], middle(b.box)[1] - middle(a.box)[1]];
      if (lengthOf(shift) > MOST_SHIFT) continue;
      const overlap = alike(from, to, shift);
      if (overlap > most || (overlap === most && lengthOf(shift) < lengthOf(best))) {
        [best, most] = [shift, overlap];
      }
    }
  }
  return most > 0 ? best : null;
}

export function shifted([x, y, width, height]: Box, [byX, byY]: Shift): Box {
  return [x + byX, y + byY, width, height];
}

/** How many objects lie on one of their kind, each counted by how far it does. */
function alike(from: Objects, to: Objects, shift: Shift): number {
  return from.reduce((sum, { category, box }) => {
    const moved = shifted(box, shift);
    const overlaps = to.map((other) => (other.category === category ? boxOverlap(moved, other.box) : 0));
    return sum + Math.max(0, ...overlaps);
  }, 0);
}

function middle([x, y, width, height]: Box): Shift {
  return [x + width / 2, y + height / 2];
}

function lengthOf([x, y]: Shift): number {
  return Math.max(Math.abs(x), Math.abs(y));
}
