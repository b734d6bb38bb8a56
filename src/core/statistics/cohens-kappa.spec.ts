/** Cohen's kappa against statsmodels: test/golden/cohens-kappa.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cohensKappa } from './cohens-kappa.ts';

interface Golden {
  readonly cases: readonly {
    readonly table: number[][];
    readonly kappa: number;
    readonly standardError: number;
    readonly lower: number;
    readonly upper: number;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../test/golden/cohens-kappa.json', import.meta.url), 'utf8'),
) as Golden;

describe('cohensKappa', () => {
  it.each(cases)(
    'gives what statsmodels gives for $table',
    ({ table, kappa, standardError, lower, upper }) => {
      const found = cohensKappa(table)!;
      expect(found.kappa).toBeCloseTo(kappa, 12);
      expect(found.standardError).toBeCloseTo(standardError, 12);
      expect(found.lower).toBeCloseTo(Math.max(-1, lower), 12);
      expect(found.upper).toBeCloseTo(Math.min(1, upper), 12);
    },
  );

  it('says nothing where chance agrees as well, or nothing was counted', () => {
    expect(
      cohensKappa([
        [10, 0],
        [0, 0],
      ]),
    ).toBeNull();
    expect(
      cohensKappa([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull();
    expect(cohensKappa([])).toBeNull();
  });
});
