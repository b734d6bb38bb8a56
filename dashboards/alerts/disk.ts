/** The database grows towards what its disk was planned for. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

/** @param limitGib what the database may grow to; SQL can't see how large its disk is */
export const disk = (limitGib: number): AlertRule => ({
  uid: 'spanwatch-disk',
  title: 'Database outgrows its disk',
  team: 'platform',
  severity: 'major',
  sql: sql`
    SELECT current_database()::text AS database, (pg_database_size(current_database()) / 1024.0 ^ 3)::float8 AS size_gib`,
  fires: { above: 0.9 * limitGib, untilBelow: 0.85 * limitGib },
  for: '10m',
  keepFiringFor: '0s',
  summary: 'The database {{ .Labels.database }} fills its disk',
  why: `It takes more than nine tenths of the ${limitGib} GiB that were planned for it.`,
  whatToDo:
    'Set READING_RETENTION_DAYS, or give it a larger disk and make these rules again with `spanwatch dashboards --database-limit-gib`.',
  panel: { uid: UID.ingestHealth, title: 'Database size' },
});
