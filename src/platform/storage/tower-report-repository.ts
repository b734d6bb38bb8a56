/** What a tower's report is made of. */
import type {
  EvidenceBox,
  ReportedEvent,
  ReportedFinding,
  ReportedLabel,
  ReportedReview,
  SensorSummary,
  TowerReport,
} from '../../core/report/report-data.ts';
import type { Database } from './database.ts';
import { readEvidence, REPORTED_FINDING } from './reported-finding.ts';

/** Decades of looks; what is older is in the database. */
const MOST_ROWS = 500;

export class TowerReportRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async findings(lineId: string, towerId: string): Promise<ReportedFinding[]> {
    return this.rows(
      `SELECT ${REPORTED_FINDING} FROM finding WHERE line_id = $1 AND tower_id = $2
        ORDER BY inspected_at DESC, kind, defect_number LIMIT ${MOST_ROWS}`,
      [lineId, towerId],
    );
  }

  async evidence(findingIds: readonly string[]): Promise<EvidenceBox[]> {
    return readEvidence(this.database, findingIds);
  }

  /** All but findings and evidence. */
  async rest(
    lineId: string,
    towerId: string,
  ): Promise<Pick<TowerReport, 'reviews' | 'events' | 'labels' | 'sensors'>> {
    const tower = [lineId, towerId];
    const [reviews, events, labels, sensors] = await Promise.all([
      this.rows<ReportedReview>(
        `SELECT r.finding_id AS "findingId", r.reviewed_at AS "reviewedAt", decision, reviewer, reason,
                kind_before AS "kindBefore", kind_after AS "kindAfter"
           FROM finding_review r JOIN finding USING (finding_id)
          WHERE line_id = $1 AND tower_id = $2 ORDER BY r.reviewed_at DESC LIMIT ${MOST_ROWS}`,
        tower,
      ),
      this.rows<ReportedEvent>(
        `SELECT sensor_id AS "sensorId", kind, opened_at AS "openedAt", closed_at AS "closedAt", peak_score AS "peakScore",
                severity, coalesce(sentence, why) AS why
           FROM anomaly_event_severity WHERE line_id = $1 AND tower_id = $2 ORDER BY opened_at DESC LIMIT ${MOST_ROWS}`,
        tower,
      ),
      this.rows<ReportedLabel>(
        `SELECT sensor_id AS "sensorId", label.kind, state, from_at AS "fromAt", to_at AS "toAt", probability, author
           FROM label JOIN sensor USING (sensor_id)
          WHERE line_id = $1 AND tower_id = $2
            AND NOT EXISTS (SELECT FROM label newer WHERE newer.supersedes = label.label_id)
          ORDER BY to_at DESC, sensor_id, label.kind LIMIT ${MOST_ROWS}`,
        tower,
      ),
      this.sensors(tower),
    ]);
    return { reviews, events, labels, sensors };
  }

  /** By the hour, so that years of readings are not gone through. */
  private async sensors(tower: readonly string[]): Promise<SensorSummary[]> {
    return this.rows(
      `SELECT s.sensor_id AS "sensorId", s.kind, newest.at AS "newestAt", coalesce(hours.readings, 0)::float8 AS readings,
              "resistanceOhm", "lowestResistanceOhm", "highestResistanceOhm", "reactanceOhm", "leakageMilliampere",
              "highestLeakageMilliampere"
         FROM sensor s
         LEFT JOIN LATERAL (
           SELECT max(observed_at) AS at FROM sensor_reading r WHERE r.kind = s.kind AND r.sensor_id = s.sensor_id
         ) AS newest ON true
         LEFT JOIN LATERAL (
           SELECT sum(reading_count) AS readings, avg(resistance_ohm) AS "resistanceOhm",
                  min(resistance_ohm) AS "lowestResistanceOhm", max(resistance_ohm) AS "highestResistanceOhm",
                  avg(reactance_ohm) AS "reactanceOhm", avg(leakage_milliampere) AS "leakageMilliampere",
                  max(leakage_milliampere) AS "highestLeakageMilliampere"
             FROM impedance_hours(s.sensor_id, newest.at - INTERVAL '30 days', newest.at)
         ) AS hours ON s.kind = 'impedance' AND newest.at IS NOT NULL
        WHERE s.line_id = $1 AND s.tower_id = $2 ORDER BY s.sensor_id`,
      tower,
    );
  }

  private async rows<Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }
}
