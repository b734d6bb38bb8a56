/** Every alert rule, one line each. */
import type { AlertRule } from './alert-rule.ts';
import { anomaly } from './anomaly.ts';
import { ingestAway, sessionLost } from './broker-session.ts';
import { disk } from './disk.ts';
import { ingestStalled } from './ingest-stalled.ts';
import { jobFailures } from './job-failures.ts';
import { modelStale, scoringBehind } from './model.ts';
import { poisonFlood } from './poison-flood.ts';
import { sectionSilent } from './section-silent.ts';

export interface AlertOptions {
  /** What the database may grow to. */
  readonly databaseLimitGib: number;
}

export const alertRules = ({ databaseLimitGib }: AlertOptions): readonly AlertRule[] => [
  anomaly('critical'),
  anomaly('major'),
  anomaly('minor'),
  sectionSilent,
  ingestStalled,
  ingestAway,
  sessionLost,
  poisonFlood,
  jobFailures,
  modelStale,
  scoringBehind,
  disk(databaseLimitGib),
];
