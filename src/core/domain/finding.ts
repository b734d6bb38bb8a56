/** What an inspection says of a tower: for each kind of defect it could see, clean or defect. */
import type { Detection } from './detection.ts';

export interface Finding {
  readonly kind: string;
  readonly outcome: 'clean' | 'defect';
  /** Probability that the defect is there, as the detector sees it. */
  readonly probability: number;
}

/** Which object must have been in view for its defect to be judged. */
export const DEFECT_OF_OBJECT: Readonly<Record<string, string>> = {
  insulator: 'broken_insulator',
  joint: 'failing_joint',
};

/** An object counts as seen from this probability up. */
const SEEN_FROM = 0.5;
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
 */
export function findingsOf(detections: readonly Detection[]): Finding[] {
  const strongest = (category: string) =>
    Math.max(0, ...detections.filter((d) => d.category === category).map((d) => d.score));
  return Object.entries(DEFECT_OF_OBJECT).flatMap(([object, kind]): Finding[] => {
    const probability = strongest(kind);
    if (probability < DEFECT_FROM && strongest(object) < SEEN_FROM) return [];
    return [{ kind, outcome: probability >= DEFECT_FROM ? 'defect' : 'clean', probability }];
  });
}
