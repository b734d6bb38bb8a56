/** Makes one box of each object out of what was seen of it in several windows on one picture. */
import { boxArea, intersectionOverUnion, sharedBox, type Corners } from './box.ts';
import { cornersOf, type Size, type Window } from './plan-windows.ts';

/** A box that was seen in one window. */
export interface View {
  /** Px of the picture. */
  readonly box: Corners;
  readonly classIndex: number;
  readonly window: Window;
}

/** How boxes of one network are compared; lengths are px of its frame. */
export interface ViewRules {
  readonly frame: Size;
  /** Boxes of two windows that overlap more, in what both could see, show one object (intersection over union). */
  readonly overlapLimit: number;
  /** How far the side of a box may be off. */
  readonly tolerance: number;
  /** A box that ends so near to an edge of its window goes on beyond it. */
  readonly edge: number;
  /** By how much, in log-odds, a box that an edge cuts must be more certain than a whole one to speak for the object. */
  readonly cutHandicap: number;
  /** What is longer than this was never seen so near: a window says nothing of what lies on it. */
  readonly longest: number;
}

interface Ranked<V extends View> {
  readonly view: V;
  readonly isCut: boolean;
  readonly rank: number;
}

/** One object: the view that speaks for it and, where all that show it are cut, the others. */
interface Seen<V extends View> {
  readonly best: Ranked<V>;
  parts: readonly V[];
}

/**
 * The most certain view of an object stays, whole ones before those that the edge of a window cuts. Where an object is
 * whole in no window, the box around all its parts takes the place of the best one's. What a window sees on an object
 * that is too large for it yields to the wider window that knows the object. Boxes of one window are taken as they are:
 * whether they show one object was decided when they were seen.
 *
 * @param logitOf log-odds that the view shows an object of its class, as calibrated
 */
export function mergeViews<V extends View>(
  views: readonly V[],
  picture: Size,
  logitOf: (view: V) => number,
  rules: ViewRules,
): V[] {
  const known = views.filter((view) => logitOf(view) >= 0 && lengthOf(view) > rules.longest);
  const near = views.filter((view) => !known.some((object) => isTooNear(view, object, rules)));
  const ranked = near.map((view): Ranked<V> => {
    const isCut = isCutBox(view, picture, rules);
    return { view, isCut, rank: logitOf(view) - (isCut ? rules.cutHandicap : 0) };
  });
  let objects: Seen<V>[] = [];
  for (const next of ranked.sort((a, b) => b.rank - a.rank)) {
    const same = objects.filter(({ parts }) =>
      parts.some((part) => showOne(part, next.view, rules) || (next.isCut && isPartOf(part, next.view))),
    );
    const [first, ...others] = same;
    if (!first) objects.push({ best: next, parts: [next.view] });
    else if (next.isCut && same.every(({ best }) => best.isCut)) {
      first.parts = [...same.flatMap(({ parts }) => parts), next.view];
      objects = objects.filter((object) => !others.includes(object));
    }
  }
  return objects.map(({ best: { view }, parts }) =>
    parts.length > 1 ? { ...view, box: parts.map(({ box }) => box).reduce(around) } : view,
  );
}

/** Whether the box ends at an edge of its window beyond which the picture goes on. */
function isCutBox({ box, window }: View, picture: Size, { edge, frame }: ViewRules): boolean {
  const [left, top, right, bottom] = cornersOf(window);
  const slack = edge * shrinkageOf(window, frame);
  return (
    (left > 0 && box[0] < left + slack) ||
    (top > 0 && box[1] < top + slack) ||
    (right < picture.width && box[2] > right - slack) ||
    (bottom < picture.height && box[3] > bottom - slack)
  );
}

/** Whether the view lies on an object that a wider window saw, and that is too long for the view's own. */
function isTooNear({ box, window }: View, object: View, { frame, longest }: ViewRules): boolean {
  const shrinkage = shrinkageOf(window, frame);
  if (shrinkageOf(object.window, frame) <= shrinkage) return false;
  if (lengthOf(object) <= longest * shrinkage) return false;
  return boxArea(sharedBox(box, object.box)) >= boxArea(box) / 2;
}

/** Compares what both windows could have seen of the two boxes: of an object that one of them cuts, the same part. */
function showOne(a: View, b: View, { frame, tolerance, overlapLimit }: ViewRules): boolean {
  if (a.classIndex !== b.classIndex || a.window === b.window) return false;
  const common = sharedBox(cornersOf(a.window), cornersOf(b.window));
  const [partOfA, partOfB] = [sharedBox(a.box, common), sharedBox(b.box, common)];
  if (boxArea(partOfA) === 0 || boxArea(partOfB) === 0) return false;
  const slack = tolerance * Math.max(shrinkageOf(a.window, frame), shrinkageOf(b.window, frame));
  return intersectionOverUnion(grow(partOfA, slack), grow(partOfB, slack)) > overlapLimit;
}

/** Whether a cut view lies on the object: where a string runs aslant, what is left of it fills its box otherwise. */
function isPartOf(object: View, { box, classIndex, window }: View): boolean {
  if (object.classIndex !== classIndex || object.window === window) return false;
  return boxArea(sharedBox(object.box, box)) > PART_COVERED * boxArea(box);
}

const PART_COVERED = 0.75;

function lengthOf({ box: [left, top, right, bottom] }: View): number {
  return Math.max(right - left, bottom - top);
}

/** Px of the picture a px of the frame. */
function shrinkageOf({ width, height }: Window, frame: Size): number {
  return Math.max(width / frame.width, height / frame.height);
}

function grow([left, top, right, bottom]: Corners, by: number): Corners {
  return [left - by, top - by, right + by, bottom + by];
}

function around(a: Corners, b: Corners): Corners {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
