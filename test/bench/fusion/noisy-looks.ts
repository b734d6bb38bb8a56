/** Makes a drone's detector worse than it was. */
import type { Look } from '../../../src/catalogue/models/impedance-anomaly/look-intervals.ts';
import { createRandom } from '../../../src/core/statistics/random.ts';

/** @param recall of the findings of defects that are there, this part stays; the others become clean */
export function missDefects(looks: readonly Look[], recall: number, seed: number): Look[] {
  const random = createRandom(seed).fork('missed defects');
  return looks.map((look) => {
    const isMissed = random.uniform() >= recall;
    return look.defect >= 0.5 && isMissed ? turnedRound(look) : look;
  });
}

/** @param share of all findings, clean or not, that are turned round */
export function flipFindings(looks: readonly Look[], share: number, seed: number): Look[] {
  const random = createRandom(seed).fork('flipped findings');
  const kinds = [...new Set(looks.flatMap(({ kind }) => kind ?? []))].sort();
  return looks.map((look) => {
    const isFlipped = random.uniform() < share;
    const kind = kinds[Math.floor(random.uniform() * kinds.length)] ?? null;
    return isFlipped ? turnedRound(look, kind) : look;
  });
}

/** As sure of itself as before. */
function turnedRound(look: Look, kind: string | null = null): Look {
  const defect = 1 - look.defect;
  return { ...look, defect, kind: defect >= 0.5 ? kind : null };
}
