/** What a flight's report is made of. */
import type {
  EvidenceBox,
  FlightReport,
  ReportedFinding,
  SeenTower,
  WaitingImage,
} from '../../core/report/report-data.ts';
import type { Database } from './database.ts';
import { readEvidence, REPORTED_FINDING } from './reported-finding.ts';

export type FlightFacts = Omit<FlightReport, 'findings' | 'evidence' | 'madeAt'>;

/** On paper; how many there are in all is told. */
const MOST_LISTED = 1_000;

export class FlightReportRepository {
  constructor(private readonly database: Database) {}

  /** @returns null where there is no such flight */
  async facts(flightId: string): Promise<FlightFacts | null> {
    const [flight] = await this.rows<Pick<FlightReport, 'flightId' | 'lineId' | 'startedAt'>>(
      'SELECT flight_id AS "flightId", line_id AS "lineId", started_at AS "startedAt" FROM flight WHERE flight_id = $1',
      flightId,
    );
    if (!flight) return null;
    const [[photographs], towers, unseenTowers, unmatched, failed] = await Promise.all([
      this.rows<FlightReport['photographs']>(
        `SELECT count(*)::int AS total, (count(*) FILTER (WHERE state = 'analysed'))::int AS analysed,
                (count(*) FILTER (WHERE state = 'queued'))::int AS queued,
                (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
                min(taken_at) AS "firstAt", max(taken_at) AS "lastAt"
           FROM image WHERE flight_id = $1`,
        flightId,
      ),
      this.rows<SeenTower>(SEEN_TOWERS, flightId),
      this.rows<FlightReport['unseenTowers'][number]>(
        `WITH flown AS (
           SELECT line_id FROM flight WHERE flight_id = $1 AND line_id IS NOT NULL
            UNION SELECT line_id FROM image WHERE flight_id = $1 AND line_id IS NOT NULL
         )
         SELECT line_id AS "lineId", tower_id AS "towerId" FROM tower JOIN flown USING (line_id)
          WHERE NOT EXISTS (SELECT FROM image i WHERE i.flight_id = $1 AND i.line_id = tower.line_id AND i.tower_id = tower.tower_id)
          ORDER BY line_id, tower_id LIMIT ${MOST_LISTED}`,
        flightId,
      ),
      this.rows<WaitingImage>(
        `SELECT file_name AS "fileName", taken_at AS "takenAt", match_state AS state,
                CASE WHEN match_state = 'needs-matching' THEN 'several towers could be it'
                     WHEN latitude_deg IS NULL THEN 'its camera gave no position' ELSE 'no tower is near' END AS reason
           FROM image WHERE flight_id = $1 AND match_state IN ('needs-matching', 'unmatched')
          ORDER BY taken_at, file_name LIMIT ${MOST_LISTED}`,
        flightId,
      ),
      this.rows<WaitingImage>(
        `SELECT file_name AS "fileName", taken_at AS "takenAt", state, failure AS reason
           FROM image WHERE flight_id = $1 AND state = 'failed' ORDER BY taken_at, file_name LIMIT ${MOST_LISTED}`,
        flightId,
      ),
    ]);
    return { ...flight, photographs: photographs!, towers, unseenTowers, unmatched, failed };
  }

  async findings(flightId: string): Promise<ReportedFinding[]> {
    return this.rows(
      `SELECT ${REPORTED_FINDING} FROM finding WHERE flight_id = $1
        ORDER BY line_id, tower_id, kind, defect_number LIMIT ${MOST_LISTED}`,
      flightId,
    );
  }

  async evidence(findingIds: readonly string[]): Promise<EvidenceBox[]> {
    return readEvidence(this.database, findingIds);
  }

  private async rows<Row extends object>(sql: string, flightId: string): Promise<Row[]> {
    return (await this.database.query<Row>(sql, [flightId])).rows;
  }
}

const SEEN_TOWERS = `
  WITH seen AS (
    SELECT line_id, tower_id, count(*)::int AS photographs FROM image
     WHERE flight_id = $1 AND tower_id IS NOT NULL GROUP BY line_id, tower_id
  ), objects AS (
    SELECT line_id, tower_id, array_agg(DISTINCT object ORDER BY object) AS objects
      FROM image, unnest(objects_in_view) AS object WHERE flight_id = $1 GROUP BY line_id, tower_id
  ), found AS (
    SELECT line_id, tower_id, count(*)::int AS defects, max(severity) AS worst FROM finding
     WHERE flight_id = $1 AND (outcome = 'defect') = (review_state <> 'rejected') GROUP BY line_id, tower_id
  )
  SELECT seen.line_id AS "lineId", seen.tower_id AS "towerId", photographs, coalesce(objects, '{}') AS "objectsInView",
         coalesce(defects, 0) AS defects, worst AS "worstSeverity"
    FROM seen LEFT JOIN objects USING (line_id, tower_id) LEFT JOIN found USING (line_id, tower_id)
   ORDER BY worst DESC NULLS LAST, seen.line_id, seen.tower_id`;
