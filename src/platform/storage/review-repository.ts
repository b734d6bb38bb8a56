/** What people said of findings and boxes, and what waits for them to say something. */
import type { Decision, Verdict } from '../../core/domain/review.ts';
import type { FindingOutcome } from '../../core/domain/finding.ts';
import type { Database, Queryable } from './database.ts';

export interface QueueRow {
  readonly finding_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly flight_id: string;
  readonly kind: string;
  readonly outcome: FindingOutcome;
  readonly probability: number;
  readonly severity: number | null;
  readonly revision: number;
  readonly inspected_at: Date;
  readonly image_ids: string[];
  readonly awaits: 'first' | 'second' | 'third';
  readonly event_severity: string | null;
  readonly disagrees: boolean;
  readonly uncertainty: number;
  readonly consequence: number;
  readonly waiting_days: number;
  readonly priority: number;
  /** Of all that wait. */
  readonly waiting: number;
}

export interface OpinionRow {
  readonly review_id: string;
  readonly revision: number;
  readonly decision: Decision;
  readonly reviewer: string;
  readonly reason: string | null;
  readonly kind_before: string;
  readonly kind_after: string;
  readonly is_blind: boolean;
  readonly reviewed_at: Date;
}

export type NewOpinion = Omit<OpinionRow, 'review_id' | 'reviewed_at'> & { readonly findingId: string };

export interface NewStanding {
  readonly findingId: string;
  readonly kind: string;
  readonly reviewState: string;
  readonly severity: number | null;
  readonly reviewedBy: string;
  readonly opinionCount: number;
  readonly opinionsWanted: number;
}

export interface VerdictPair {
  readonly first: Verdict;
  readonly second: Verdict;
  readonly count: number;
}

export class ReviewRepository {
  constructor(private readonly database: Database) {}

  /** @param person as `personOf` spells it: what they have said something of is left out */
  async queue(filter: {
    readonly person: string | null;
    readonly line: string | null;
    readonly limit: number;
  }): Promise<QueueRow[]> {
    const { rows } = await this.database.query<QueueRow>(
      `SELECT q.*, count(*) OVER ()::int AS waiting FROM review_queue(now()) q
        WHERE ($1::text IS NULL OR NOT EXISTS (
                SELECT FROM finding_review r WHERE r.finding_id = q.finding_id AND lower(btrim(r.reviewer)) = $1))
          AND ($2::text IS NULL OR line_id = $2)
        ORDER BY priority DESC, finding_id LIMIT $3`,
      [filter.person, filter.line, filter.limit],
    );
    return rows;
  }

  /** Oldest first. */
  async opinionsOf(findingId: string, client: Queryable = this.database): Promise<OpinionRow[]> {
    const { rows } = await client.query<OpinionRow>(
      `SELECT review_id, revision, decision, reviewer, reason, kind_before, kind_after, is_blind, reviewed_at
         FROM finding_review WHERE finding_id = $1 ORDER BY reviewed_at, review_id`,
      [findingId],
    );
    return rows;
  }

  async addOpinion(client: Queryable, opinion: NewOpinion): Promise<void> {
    await client.query(
      `INSERT INTO finding_review (finding_id, revision, decision, reviewer, reason, kind_before, kind_after, is_blind, reviewed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())`,
      [
        opinion.findingId,
        opinion.revision,
        opinion.decision,
        opinion.reviewer,
        opinion.reason,
        opinion.kind_before,
        opinion.kind_after,
        opinion.is_blind,
      ],
    );
  }

  /** The finding as people's opinions leave it; where its kind changes it gets a number of that kind. */
  async settle(client: Queryable, standing: NewStanding): Promise<void> {
    await client.query(
      `UPDATE finding f
          SET kind = $2, review_state = $3, severity = $4, reviewed_by = $5, reviewed_at = now(), opinion_count = $6,
              opinions_wanted = $7, waiting_since = now(), revision = revision + 1,
              defect_number = CASE WHEN kind = $2 THEN defect_number ELSE (
                SELECT coalesce(max(o.defect_number), 0) + 1 FROM finding o
                 WHERE o.line_id = f.line_id AND o.tower_id = f.tower_id AND o.flight_id = f.flight_id AND o.kind = $2) END
        WHERE finding_id = $1`,
      [
        standing.findingId,
        standing.kind,
        standing.reviewState,
        standing.severity,
        standing.reviewedBy,
        standing.opinionCount,
        standing.opinionsWanted,
      ],
    );
  }

  async askForAnother(client: Queryable, findingId: string): Promise<void> {
    await client.query(
      `UPDATE finding SET opinions_wanted = greatest(opinion_count, 1) + 1, waiting_since = now(), revision = revision + 1
        WHERE finding_id = $1`,
      [findingId],
    );
  }

  /** First opinions and blind second ones of other people, counted by what they say. */
  async agreement(from: Date | null, to: Date | null): Promise<VerdictPair[]> {
    const { rows } = await this.database.query<VerdictPair>(
      `WITH said AS (
         SELECT r.*, lower(btrim(reviewer)) AS person, row_number() OVER (PARTITION BY finding_id ORDER BY r.reviewed_at, review_id) AS turn,
                CASE WHEN (decision = 'rejected') = (f.outcome = 'defect') THEN 'no defect' ELSE kind_after END AS verdict
           FROM finding_review r JOIN finding f USING (finding_id)),
       pair AS (
         SELECT DISTINCT ON (finding_id) first.verdict AS first, second.verdict AS second
           FROM said first JOIN said second USING (finding_id)
          WHERE first.turn = 1 AND second.is_blind AND second.person <> first.person
            AND ($1::timestamptz IS NULL OR second.reviewed_at >= $1) AND ($2::timestamptz IS NULL OR second.reviewed_at < $2)
          ORDER BY finding_id, second.turn)
       SELECT first, second, count(*)::int AS count FROM pair GROUP BY 1, 2 ORDER BY 1, 2`,
      [from, to],
    );
    return rows;
  }
}
