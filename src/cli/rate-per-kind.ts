/** Reads a rate that may differ by the kind of defect: `0.9`, or `failing_joint=0.8,broken_strand=0.5`. */
import { BadInput } from '../core/domain/failure.ts';
import { DEFECT_KINDS } from '../features/simulation/profile.ts';
import type { DefectKind, PerKind } from '../features/simulation/profile.ts';

/** @param usual of kinds that are not named */
export function ratePerKind(option: string, usual: PerKind): (text: string) => PerKind {
  return (text) => {
    const entries = text.split(',').map((entry): [string, number] => {
      const [kind, rate] = entry.includes('=') ? entry.split('=', 2) : ['', entry];
      return [kind!.trim(), rate!.trim() === '' ? NaN : Number(rate)];
    });
    const rates: Record<DefectKind, number> = { ...usual };
    for (const [kind, rate] of entries) {
      const isForAll = kind === '' && entries.length === 1;
      const named = DEFECT_KINDS.filter((known) => isForAll || known === kind);
      if (named.length === 0 || !(rate >= 0 && rate <= 1)) throw refused(option, text);
      for (const known of named) rates[known] = rate;
    }
    return rates;
  };
}

export function describeRates(rates: PerKind): string {
  const [first] = DEFECT_KINDS;
  if (DEFECT_KINDS.every((kind) => rates[kind] === rates[first])) return String(rates[first]);
  return DEFECT_KINDS.map((kind) => `${kind}=${rates[kind]}`).join(',');
}

function refused(option: string, text: string): BadInput {
  return new BadInput(
    'option-out-of-range',
    `${option} is '${text}', but must be a number from 0 to 1, or KIND=NUMBER for some of ${DEFECT_KINDS.join(', ')}, divided by commas.`,
    { option, text },
  );
}
