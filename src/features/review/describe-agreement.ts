/** How far two people agree on findings, as the HTTP door tells it. */
import { z } from 'zod';
import { cohensKappa } from '../../core/statistics/cohens-kappa.ts';
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts';
import type { VerdictPair } from '../../platform/storage/review-repository.ts';

const interval = { lower: z.number(), upper: z.number() };

export const agreementAnswer = z.object({
  pairs: z.number().int().describe('findings with a first opinion and a blind second one of somebody else'),
  agreed: z.number().int(),
  rawAgreement: z.object({ share: z.number().nullable(), ...interval }),
  kappa: z
    .object({ kappa: z.number(), standardError: z.number(), ...interval })
    .nullable()
    .describe('agreement beyond chance; null where chance agrees as well, or there is no pair'),
  verdicts: z.array(z.string()).describe('a kind of defect, or "no defect"'),
  table: z.array(z.array(z.number().int())).describe('first opinions by row, second ones by column'),
});

export function describeAgreement(counted: readonly VerdictPair[]): z.input<typeof agreementAnswer> {
  const verdicts = [...new Set(counted.flatMap(({ first, second }) => [first, second]))].sort();
  const table = verdicts.map((first) =>
    verdicts.map(
      (second) => counted.find((pair) => pair.first === first && pair.second === second)?.count ?? 0,
    ),
  );
  const pairs = counted.reduce((sum, { count }) => sum + count, 0);
  const agreed = table.reduce((sum, row, index) => sum + row[index]!, 0);
  return {
    pairs,
    agreed,
    rawAgreement: { share: pairs === 0 ? null : agreed / pairs, ...wilsonInterval(agreed, pairs) },
    kappa: cohensKappa(table),
    verdicts,
    table,
  };
}
