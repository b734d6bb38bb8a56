/** The model that serves is old, or does not keep up. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

/** Half a year: by then the other season has come, of which it has seen nothing. */
const STALE_DAYS = 180;

export const modelStale: AlertRule = {
  uid: 'spanwatch-model-stale',
  title: 'Anomaly model is old',
  team: 'platform',
  severity: 'minor',
  sql: sql`
    SELECT 'impedance-anomaly' AS model,
           coalesce(max(extract(epoch FROM now() - registered_at)) / 86400, 0)::float8 AS age_days
      FROM model_version WHERE model = 'impedance-anomaly' AND stage = 'champion'`,
  fires: { above: STALE_DAYS },
  for: '1h',
  keepFiringFor: '0s',
  summary: 'The anomaly model in service is older than half a year',
  why: `It was registered more than ${STALE_DAYS} days ago and has learned nothing of the looks and the weather since.`,
  whatToDo: 'Train a new version and compare the two on Model quality before it serves.',
  panel: { uid: UID.modelQuality, title: 'Age of the anomaly model' },
};

export const scoringBehind: AlertRule = {
  uid: 'spanwatch-scoring-behind',
  title: 'Scoring is behind',
  team: 'platform',
  severity: 'major',
  sql: sql`
    SELECT 'impedance-anomaly' AS model,
           coalesce(max(extract(epoch FROM heard.last_observed_at - state.scored_until)) / 60, 0)::float8 AS behind_minutes
      FROM heard_sensors(now()) AS heard
      JOIN scorer_state state ON state.sensor_id = heard.sensor_id
      JOIN model_version champion ON champion.version = state.model_version AND champion.stage = 'champion'`,
  fires: { above: 60, untilBelow: 15 },
  for: '10m',
  keepFiringFor: '0s',
  summary: 'Readings are stored but not scored',
  why: 'The champion is more than an hour behind the newest reading of some sensor: a defect would not be seen.',
  whatToDo:
    'See that a process with the role worker runs, and read its log. Scores follow by themselves once it does.',
  panel: { uid: UID.modelQuality, title: 'Scoring is behind by' },
};
