/** What an inspection says of a tower: one finding a physical defect, and a clean one for a kind of which there is none. */

export type FindingOutcome = 'clean' | 'defect';

/** `unreviewed` is shown as proposed; `reclassed` is confirmed, but as another kind than the detector took it for. */
export type ReviewState = 'unreviewed' | 'confirmed' | 'rejected' | 'reclassed';

/** Which object must have been in view for its defect to be called absent. */
export const OBJECT_OF_DEFECT: Readonly<Record<string, string>> = {
  broken_insulator: 'insulator',
  failing_joint: 'joint',
};

/**
 * A defect is reported from this probability up. Above a half, because detectors are calibrated on pictures of which
 * about half show a defect, and in the field one in a dozen does.
 */
export const DEFECT_FROM = 0.7;

/** Whether there is a defect, with a person's word in place of the detector's. */
export function showsDefect(finding: {
  readonly outcome: FindingOutcome;
  readonly reviewState: ReviewState;
}): boolean {
  return (finding.outcome === 'defect') === (finding.reviewState !== 'rejected');
}
