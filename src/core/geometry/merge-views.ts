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
  /** A closer look sees the same from these log-odds and this overlap up: of two things that run into one, each is half. */
  readonly confirmed: { readonly from: number; readonly overlap: number };
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
 * whole in no window, the box around all its parts takes the place of the best one's. Boxes of one window are taken as
 * they are: whether they show one object was decided when they were seen.
 *
 * The scale decides who is heard at all. What a window sees on an object that is too large for it yields to the wider
 * window that knows the object: so near, a gap between two discs looks like a missing one. What a wide window sees, and
 * a closer one that shows the place whole does not, is not there: from afar two things run into one.
 *
 * @param windows all that were looked through, those without a view too
 * @param logitOf log-odds that the view shows an object of its class, as calibrated
 */
export function mergeViews<V extends View>(
  views: readonly V[],
  windows: readonly Window[],
  logitOf: (view: V) => number,
  rules: ViewRules,
): V[] {
  const known = views.filter((view) => logitOf(view) >= 0 && lengthOf(view) > rules.longest);
  const isHeard = (view: V): boolean =>
    !isTooNear(view, view.window, known, rules) &&
    (!windows.some((closer) => showsWhole(view, closer, windows, known, rules)) ||
      views.some((other) => logitOf(other) >= rules.confirmed.from && isCloserLook(view, other, rules)));
  const ranked = views.filter(isHeard).map((view): Ranked<V> => {
    const isCut = isCutBox(view.box, view.window, windows, rules);
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

/** Whether the box ends at, or beyond, an edge of the window behind which the picture goes on. */
function isCutBox(box: Corners, window: Window, windows: readonly Window[], rules: ViewRules): boolean {
  const [left, top, right, bottom] = cornersOf(window);
  const slack = rules.edge * shrinkageOf(window, rules.frame);
  const goesOn = (beyond: (corners: Corners) => boolean): boolean =>
    windows.some((other) => beyond(cornersOf(other)));
  return (
    (box[0] < left + slack && goesOn((other) => other[0] < left)) ||
    (box[1] < top + slack && goesOn((other) => other[1] < top)) ||
    (box[2] > right - slack && goesOn((other) => other[2] > right)) ||
    (box[3] > bottom - slack && goesOn((other) => other[3] > bottom))
  );
}

/** Whether a box lies on an object that a wider window knows, and that is too long for this one. */
function isTooNear(
  { box }: View,
  window: Window,
  known: readonly View[],
  { frame, longest }: ViewRules,
): boolean {
  const shrinkage = shrinkageOf(window, frame);
  return known.some(
    (object) =>
      shrinkageOf(object.window, frame) > shrinkage &&
      lengthOf(object) > longest * shrinkage &&
      boxArea(sharedBox(box, object.box)) >= boxArea(box) / 2,
  );
}

/** Whether the window looks closer than the view's own, and well, at all that the view shows. */
function showsWhole(
  view: View,
  window: Window,
  windows: readonly Window[],
  known: readonly View[],
  rules: ViewRules,
): boolean {
  const shrinkage = shrinkageOf(window, rules.frame);
  return (
    shrinkage < shrinkageOf(view.window, rules.frame) &&
    lengthOf(view) <= rules.longest * shrinkage &&
    !isCutBox(view.box, window, windows, rules) &&
    !isTooNear(view, window, known, rules)
  );
}

function isCloserLook(view: View, other: View, rules: ViewRules): boolean {
  return (
    shrinkageOf(other.window, rules.frame) < shrinkageOf(view.window, rules.frame) &&
    showOne(view, other, { ...rules, overlapLimit: rules.confirmed.overlap })
  );
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
