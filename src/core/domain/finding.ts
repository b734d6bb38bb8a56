/** What an inspection says of a tower: for each kind of defect it could see, clean or defect. */
import type { Detection } from './detection.ts';

export interface Finding {
  readonly kind: string;
  readonly outcome: 'clean' | 'defect';
  /** Probability that the defect is there, as the detector sees it. */
  readonly probability: number;
}

/** Which object must have been in view for its defect to be called absent. */
const OBJECT_OF_DEFECT: Readonly<Record<string, string>> = {
  broken_insulator: 'insulator',
  failing_joint: 'joint',
};

/**
 * A defect is reported from this probability up. Above a half, because detectors are calibrated on pictures of which
 * about half show a defect, and in the field one in a dozen does.
 */
const DEFECT_FROM = 0.7;

/**
 * Findings of one tower from all detections of one flight.
 *
 * A clean finding speaks only of objects that were in view. Pictures of the same object are not independent,
 * so the most certain picture decides and probabilities are not multiplied.
 *
 * @param kinds of defect that the detector knows; of one whose object is not known here only its presence is told
 * @param inView kinds of object that one picture or another showed well enough (see `objectsInView`)
 */
export function findingsOf(
  detections: readonly Detection[],
  kinds: readonly string[],
  inView: ReadonlySet<string>,
): Finding[] {
  const strongest = (category: string) =>
    Math.max(0, ...detections.filter((d) => d.category === category).map((d) => d.score));
  return kinds.flatMap((kind): Finding[] => {
    const probability = strongest(kind);
    if (probability >= DEFECT_FROM) return [{ kind, outcome: 'defect', probability }];
    const object = OBJECT_OF_DEFECT[kind];
    const wasSeen = object !== undefined && inView.has(object);
    return wasSeen ? [{ kind, outcome: 'clean', probability }] : [];
  });
}
