/**
 * How bad a defect is, from 1, look again at the next flight, to 5, go now.
 *
 * It begins with what the kind may lead to, and goes a step up or down for each of: how much of its object it takes, whether
 * the tower has more of its kind, and whether it is sure to be there.
 */

export interface DefectMeasure {
  readonly kind: string;
  /** That it is there; 1 where a person said so. */
  readonly probability: number;
  /** Longer side of the defect over that of its object, 0 to 1; null where no object was found about it. */
  readonly extent: number | null;
  /** Defects of this kind on the tower, this one among them. */
  readonly count: number;
}

/** A joint that fails drops the conductor; a broken string still holds it, with less insulation. */
const BY_KIND: Readonly<Record<string, number>> = { failing_joint: 4, broken_insulator: 3 };
/** Of kinds that only a detector of one's own, or a person, knows. */
const OF_OTHERS = 3;

const LARGE_EXTENT = 0.5;
const SMALL_EXTENT = 0.1;
const SURE_FROM = 0.85;

export function severityOf({ kind, probability, extent, count }: DefectMeasure): number {
  let severity = BY_KIND[kind] ?? OF_OTHERS;
  if (extent !== null && extent >= LARGE_EXTENT) severity++;
  if (extent !== null && extent < SMALL_EXTENT) severity--;
  if (count > 1) severity++;
  if (probability < SURE_FROM) severity--;
  return Math.min(5, Math.max(1, severity));
}
