/**
 * What is to be written when a look was analysed anew: the findings that are known keep their ids, and those that a person
 * decided keep all but their evidence, which may grow.
 */
import {
  DEFECT_FROM,
  OBJECT_OF_DEFECT,
  showsDefect,
  type FindingOutcome,
  type ReviewState,
} from '../domain/finding.ts';
import { severityOf } from '../domain/severity.ts';
import { boxOverlap, type Box } from '../geometry/box-overlap.ts';
import type { SeenBox, SeenDefect } from './group-defects.ts';

export interface KnownFinding {
  readonly findingId: string;
  readonly kind: string;
  /** What the detector took it for; null where a person found it. */
  readonly detectedKind: string | null;
  readonly defectNumber: number;
  readonly outcome: FindingOutcome;
  readonly reviewState: ReviewState;
  readonly evidence: readonly { readonly boxId: string; readonly imageId: string; readonly bbox: Box }[];
}

export interface FindingValues {
  readonly kind: string;
  readonly defectNumber: number;
  readonly outcome: FindingOutcome;
  readonly probability: number;
  /** Null where clean. */
  readonly severity: number | null;
  readonly height: SeenDefect['height'];
  /** The image that shows it best first. */
  readonly imageIds: readonly string[];
  readonly boxes: readonly SeenBox[];
}

export interface FindingUpdate extends FindingValues {
  readonly findingId: string;
  /** Other boxes than before show it. */
  readonly isSeenOtherwise: boolean;
}

export interface FindingPlan {
  readonly insert: readonly FindingValues[];
  readonly update: readonly FindingUpdate[];
  /** More boxes of what a person decided. */
  readonly grow: readonly { readonly findingId: string; readonly boxes: readonly SeenBox[] }[];
  readonly remove: readonly string[];
}

/** Boxes of one image that overlap so far are the same sighting, found by another version or drawn by a person. */
const SAME_BOX = 0.5;

/**
 * @param defects from `groupDefects`
 * @param viewed images that show each kind of object well enough to judge: a clean finding speaks of nothing else
 */
export function planFindings(
  known: readonly KnownFinding[],
  defects: readonly SeenDefect[],
  kinds: readonly string[],
  viewed: ReadonlyMap<string, readonly string[]>,
): FindingPlan {
  const plans = kinds.map((kind) => {
    const ofKind = known.filter((finding) => (finding.detectedKind ?? finding.kind) === kind);
    const images = viewed.get(OBJECT_OF_DEFECT[kind] ?? '') ?? [];
    const seen = defects.filter((defect) => defect.kind === kind);
    const taken = known.filter((finding) => finding.kind === kind);
    return planKind(kind, ofKind, taken, seen, images);
  });
  return {
    insert: plans.flatMap((plan) => plan.insert),
    update: plans.flatMap((plan) => plan.update),
    grow: plans.flatMap((plan) => plan.grow),
    remove: plans.flatMap((plan) => plan.remove),
  };
}

/** @param taken findings that are called so now: their numbers are in use */
function planKind(
  kind: string,
  known: readonly KnownFinding[],
  taken: readonly KnownFinding[],
  seen: readonly SeenDefect[],
  imagesInView: readonly string[],
): FindingPlan {
  const decided = known.filter((finding) => finding.reviewState !== 'unreviewed');
  const open = known.filter((finding) => finding.reviewState === 'unreviewed');
  const byPerson = new Map<KnownFinding, SeenDefect[]>();
  const free = seen.filter((defect) => {
    const finding = mostAlike(defect, decided);
    if (finding) byPerson.set(finding, [...(byPerson.get(finding) ?? []), defect]);
    return !finding;
  });
  const reported = free.filter(({ probability }) => probability >= DEFECT_FROM);
  const standing = taken.filter(
    (finding) => finding.reviewState !== 'unreviewed' && isDefect(finding),
  ).length;
  const count = reported.length + standing;
  const homes = assign(reported, open);
  const numbers = numbersBeside(
    taken.filter((finding) => !open.includes(finding) || homes.includes(finding)),
  );
  const values = reported.map((defect, index) =>
    defectValues(defect, homes[index]?.defectNumber ?? numbers(), count),
  );
  const unused = open.filter((finding) => !homes.includes(finding));
  // What a person decided of this kind speaks for the look already.
  const isClean =
    reported.length === 0 && imagesInView.length > 0 && taken.every((finding) => open.includes(finding));
  const cleanHome = isClean ? byNumber(unused)[0] : undefined;
  const doubt = Math.max(0, ...free.map(({ probability }) => probability));
  const clean = isClean ? [cleanValues(kind, cleanHome?.defectNumber ?? 1, doubt, imagesInView)] : [];
  const homesOfAll = [...homes, ...clean.map(() => cleanHome)];
  const all = [...values, ...clean];
  return {
    insert: all.filter((_, index) => !homesOfAll[index]),
    update: all.flatMap((each, index) => {
      const home = homesOfAll[index];
      if (!home) return [];
      return [
        { ...each, findingId: home.findingId, isSeenOtherwise: !isSameEvidence(each.boxes, home.evidence) },
      ];
    }),
    grow: [...byPerson].flatMap(([finding, more]) => growth(finding, more)),
    remove: unused.filter((finding) => finding !== cleanHome).map(({ findingId }) => findingId),
  };
}

function isDefect({ outcome, reviewState }: KnownFinding): boolean {
  return showsDefect({ outcome, reviewState });
}

/** Each defect keeps the finding that shares most boxes with it; one that shares none takes the row that said clean. */
function assign(defects: readonly SeenDefect[], open: readonly KnownFinding[]): (KnownFinding | undefined)[] {
  const homes: (KnownFinding | undefined)[] = defects.map(() => undefined);
  const pairs = defects
    .flatMap((defect, index) =>
      open.map((finding) => ({ index, finding, shared: sharedBoxes(defect, finding) })),
    )
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.finding.defectNumber - b.finding.defectNumber);
  for (const { index, finding } of pairs) {
    if (!homes[index] && !homes.includes(finding)) homes[index] = finding;
  }
  const clean = open.find(({ outcome }) => outcome === 'clean');
  const first = homes.indexOf(undefined);
  if (clean && first >= 0 && !homes.includes(clean)) homes[first] = clean;
  return homes;
}

function mostAlike(defect: SeenDefect, findings: readonly KnownFinding[]): KnownFinding | undefined {
  const [best] = findings
    .map((finding) => ({ finding, shared: sharedBoxes(defect, finding) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.finding.defectNumber - b.finding.defectNumber);
  return best?.finding;
}

function sharedBoxes(defect: SeenDefect, finding: KnownFinding): number {
  return defect.boxes.filter((box) => isAmong(box, finding.evidence)).length;
}

function isAmong(box: SeenBox, evidence: KnownFinding['evidence']): boolean {
  return evidence.some(
    ({ boxId, imageId, bbox }) =>
      boxId === box.boxId || (imageId === box.imageId && boxOverlap(bbox, box.bbox) >= SAME_BOX),
  );
}

/** Detections that were made anew have other ids, and may be the same. */
function isSameEvidence(boxes: readonly SeenBox[], evidence: KnownFinding['evidence']): boolean {
  const spell = (imageId: string, bbox: Box) => `${imageId} ${bbox.map((side) => side.toFixed(1)).join(' ')}`;
  const now = boxes.map(({ imageId, bbox }) => spell(imageId, bbox)).sort();
  const before = evidence.map(({ imageId, bbox }) => spell(imageId, bbox)).sort();
  return now.join() === before.join();
}

function growth(finding: KnownFinding, defects: readonly SeenDefect[]): FindingPlan['grow'] {
  const boxes = defects.flatMap((defect) => defect.boxes.filter((box) => !isAmong(box, finding.evidence)));
  return boxes.length > 0 ? [{ findingId: finding.findingId, boxes }] : [];
}

/** The least numbers that are not in use, one after the other. */
function numbersBeside(findings: readonly KnownFinding[]): () => number {
  const used = new Set(findings.map(({ defectNumber }) => defectNumber));
  return () => {
    let number = 1;
    while (used.has(number)) number++;
    used.add(number);
    return number;
  };
}

function byNumber(findings: readonly KnownFinding[]): KnownFinding[] {
  return [...findings].sort((a, b) => a.defectNumber - b.defectNumber);
}

function defectValues(defect: SeenDefect, defectNumber: number, count: number): FindingValues {
  const { kind, probability, extent, height, boxes } = defect;
  return {
    kind,
    defectNumber,
    outcome: 'defect',
    probability,
    severity: severityOf({ kind, probability, extent, count }),
    height,
    imageIds: [...new Set(boxes.map(({ imageId }) => imageId))],
    boxes,
  };
}

function cleanValues(
  kind: string,
  defectNumber: number,
  probability: number,
  imageIds: readonly string[],
): FindingValues {
  return {
    kind,
    defectNumber,
    outcome: 'clean',
    probability,
    severity: null,
    height: null,
    imageIds,
    boxes: [],
  };
}
