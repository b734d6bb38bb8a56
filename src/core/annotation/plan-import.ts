/** What a person's boxes that come from elsewhere say of the boxes that are there. */
import type { Authorship } from './annotation.ts';
import { boxOverlap, type Box } from '../geometry/box-overlap.ts';
import { isSameBox, type PixelBox } from './pixel-box.ts';

/** A box as it stands. */
export interface StandingBox {
  readonly annotationId: string;
  readonly category: string;
  readonly box: PixelBox;
  readonly state: 'proposed' | 'confirmed' | 'rejected';
  /** Of the word that holds; null where nobody has judged it. */
  readonly reviewedAt: Date | null;
}

export interface IncomingBox {
  readonly category: string;
  readonly box: PixelBox;
  /** Null where the set does not say: then a person drew it. */
  readonly authorship: Authorship | null;
}

/** To be written into the log, about a standing box or, where `standing` is null, a new one. */
export interface ImportedWord<Standing, Incoming> {
  readonly incoming: Incoming;
  readonly standing: Standing | null;
  readonly decision: 'confirmed' | 'corrected' | 'reclassed' | 'added';
}

export interface ImportPlan<Standing, Incoming> {
  readonly words: readonly ImportedWord<Standing, Incoming>[];
  /** Say what is known. */
  readonly known: number;
  /** A machine's, which nobody has judged: these are not a person's word, and this machine makes its own. */
  readonly proposals: number;
  /** A person has rejected the box that is there: that word stands. */
  readonly contradicting: readonly Incoming[];
}

/** Tools round to a hundredth of a pixel: what differs by no more is the same box. */
const SAME_PX = 0.05;
/** From this overlap up, a box of the same category is the standing box drawn better. */
const SAME_OBJECT_OVERLAP = 0.5;

/**
 * Each standing box is taken at most once: by the box in its place, else by the one of its category that overlaps it most.
 * The same set a second time says what is known, and adds nothing.
 */
export function planImport<Standing extends StandingBox, Incoming extends IncomingBox>(
  standing: readonly Standing[],
  incoming: readonly Incoming[],
): ImportPlan<Standing, Incoming> {
  const said = incoming.filter(({ authorship }) => authorship?.state !== 'proposed');
  const boxes = distinct(said);
  const free = new Set(standing);
  const words: ImportedWord<Standing, Incoming>[] = [];
  const contradicting: Incoming[] = [];
  let known = said.length - boxes.length;

  /** @returns the boxes that are about none of the standing ones */
  const judge = (
    rest: readonly Incoming[],
    decision: ImportedWord<Standing, Incoming>['decision'],
    find: (one: Incoming) => Standing | undefined,
  ): Incoming[] =>
    rest.filter((one) => {
      const other = find(one);
      if (!other) return true;
      free.delete(other);
      const saysNothing = decision === 'confirmed' && other.state === 'confirmed';
      if (saysNothing || isOlder(one, other)) known++;
      else if (other.state === 'rejected') contradicting.push(one);
      else words.push({ incoming: one, standing: other, decision });
      return false;
    });

  const inPlace = (one: Incoming) => [...free].filter(({ box }) => isSameBox(one.box, box, SAME_PX));
  const moved = judge(boxes, 'confirmed', (one) =>
    inPlace(one).find((other) => other.category === one.category),
  );
  const unlike = judge(moved, 'corrected', (one) => mostOverlapping([...free].filter(isHeld), one));
  const added = judge(unlike, 'reclassed', (one) => inPlace(one).find(isHeld));
  for (const one of added) words.push({ incoming: one, standing: null, decision: 'added' });
  return { words, known, proposals: incoming.length - said.length, contradicting };
}

function isHeld({ state }: StandingBox): boolean {
  return state !== 'rejected';
}

/** A word that says when it was given does not undo a later one. */
function isOlder({ authorship }: IncomingBox, { reviewedAt }: StandingBox): boolean {
  return (
    reviewedAt !== null &&
    authorship?.reviewedAt != null &&
    Date.parse(authorship.reviewedAt) <= reviewedAt.getTime()
  );
}

function distinct<Box extends IncomingBox>(boxes: readonly Box[]): Box[] {
  return boxes.filter(
    (one, index) =>
      !boxes
        .slice(0, index)
        .some((other) => other.category === one.category && isSameBox(other.box, one.box)),
  );
}

function mostOverlapping<Box extends StandingBox>(
  standing: readonly Box[],
  { category, box }: IncomingBox,
): Box | undefined {
  let best: Box | undefined;
  let most = SAME_OBJECT_OVERLAP;
  for (const candidate of standing) {
    const overlap = candidate.category === category ? boxOverlap(sides(candidate.box), sides(box)) : 0;
    if (overlap >= most) [best, most] = [candidate, overlap];
  }
  return best;
}

function sides({ xPx, yPx, widthPx, heightPx }: PixelBox): Box {
  return [xPx, yPx, widthPx, heightPx];
}
