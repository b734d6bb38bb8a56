/** What is kept of readings and for how long, in a sentence. */
import type { Flavour } from './migrate.ts';
import type { RetentionDays } from './reading-retention.ts';

export function describeRetention({ readings, rollups }: RetentionDays, flavour: Flavour): string {
  if (readings === null) return 'Readings and rollups are kept for ever';
  const who = 'the worker role deletes what is older, once a day';
  if (flavour !== 'TimescaleDB Community') {
    return `Readings are kept for ${readings} days, and with them what the rollups show; ${who}`;
  }
  const minutes =
    rollups === null
      ? 'and all rollups for ever'
      : `rollups of minutes for ${rollups} days, those of hours and days for ever`;
  return `Readings are kept for ${readings} days, ${minutes}; ${who}`;
}
