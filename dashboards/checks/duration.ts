/** Durations as Grafana's files write them: 90s, 5m, 1h30m, 0s. */
import { BadInput } from '../../src/core/domain/failure.ts';

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Largest unit first, each once, as Prometheus reads them. */
const FORM = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS = ['w', 'd', 'h', 'm', 's', 'ms'] as const;

/** @throws BadInput for anything else */
export function durationSeconds(text: string): number {
  const amounts = FORM.exec(text)?.slice(1);
  if (!amounts || text === '') {
    throw new BadInput(
      'duration',
      `The duration is ${JSON.stringify(text)}, but must be like 90s, 5m or 1h30m.`,
    );
  }
  return UNITS.reduce((sum, unit, index) => sum + Number(amounts[index] ?? 0) * (SECONDS[unit] ?? 0), 0);
}
