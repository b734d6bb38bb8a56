/** A person's decision on a finding: kept for ever, settled with what others said, and carried to boxes and labels. */
import { BadInput, Conflict } from '../../core/domain/failure.ts';
import {
  isDrawnForSecondLook,
  NO_DEFECT,
  personOf,
  standingOf,
  stateOf,
  verdictOf,
} from '../../core/domain/review.ts';
import { DERIVE_LABELS } from '../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../platform/jobs/jobs.ts';
import type { Database, Transaction } from '../../platform/storage/database.ts';
import type { FindingRepository, FindingRow } from '../../platform/storage/finding-repository.ts';
import type { OpinionRow, ReviewRepository } from '../../platform/storage/review-repository.ts';
import { summariseFinding } from './describe-finding.ts';
import type { JudgeBoxes } from './judge-boxes.ts';
import type { DecisionBody, ExpectedRevision } from './read-decision.ts';
import type { RateSeverity } from './rate-severity.ts';
import { isBlindFor, kindBefore } from './show-finding.ts';

export class ReviewFinding {
  constructor(
    private readonly database: Database,
    private readonly findings: FindingRepository,
    private readonly reviews: ReviewRepository,
    private readonly boxes: JudgeBoxes,
    private readonly severity: RateSeverity,
    private readonly jobs: Jobs,
  ) {}

  /** @throws Conflict with the finding as it is now when it was changed meanwhile */
  async decide(findingId: string, expected: ExpectedRevision, body: DecisionBody): Promise<void> {
    await this.database.transaction(async (client) => {
      const row = await this.take(client, findingId, expected);
      const log = await this.reviews.opinionsOf(findingId, client);
      const isBlind = isBlindFor(row, log, body.reviewer);
      const original = kindBefore(row, log);
      const shown = isBlind ? original : row.kind;
      const kindAfter = kindOf(body, row, shown);
      await this.reviews.addOpinion(client, {
        findingId,
        revision: row.revision,
        decision: body.decision,
        reviewer: body.reviewer,
        reason: body.reason || null,
        kind_before: shown,
        kind_after: kindAfter,
        is_blind: isBlind,
      });
      const all = [...log, { decision: body.decision, reviewer: body.reviewer, kind_after: kindAfter }];
      const standing = standingOf(all.map((opinion) => toOpinion(opinion, row)));
      const state = stateOf(standing.verdict, row.outcome, original);
      const holdsMine = personOf(standing.reviewer) === personOf(body.reviewer);
      const agrees = verdictOf(body.decision, row.outcome, kindAfter) === standing.verdict;
      if (holdsMine || (agrees && body.decision === 'corrected-box')) {
        await this.boxes.judge(client, row, body, standing.verdict);
      }
      await this.reviews.settle(client, {
        findingId,
        ...state,
        severity:
          standing.verdict === NO_DEFECT
            ? null
            : await this.severity.ofStanding(client, row, standing.verdict),
        reviewedBy: standing.reviewer,
        opinionCount: standing.opinionCount,
        opinionsWanted: wanted(row, standing.isDisputed),
      });
      const { line_id: lineId, tower_id: towerId } = row;
      await this.jobs.send(DERIVE_LABELS, { lineId, towerId }, client);
    });
  }

  /** Puts a finding that was decided back into the queue, for another person. */
  async askForAnother(findingId: string, expected: ExpectedRevision): Promise<void> {
    await this.database.transaction(async (client) => {
      const row = await this.take(client, findingId, expected);
      if (row.opinion_count < row.opinions_wanted) {
        throw new Conflict('already-asked', 'This finding waits for an opinion already.', {
          current: summariseFinding(row),
        });
      }
      await this.reviews.askForAnother(client, findingId);
    });
  }

  /** Locks the look of the finding, so that neither a person nor the detector changes it until the transaction ends. */
  private async take(
    client: Transaction,
    findingId: string,
    expected: ExpectedRevision,
  ): Promise<FindingRow> {
    const before = await this.findings.find(findingId, client);
    if (before) await this.findings.lockLook(client, lookOf(before));
    const row = before && (await this.findings.find(findingId, client));
    if (!row) throw new BadInput('not-found', `There is no finding ${findingId}.`);
    if (row.revision === expected.revision) return row;
    throw new Conflict(
      expected.isPrecondition ? 'precondition-failed' : 'finding-changed',
      `The finding is not at revision ${expected.revision} any more, but ${row.revision}, ${row.review_state}: look at it and decide again.`,
      { current: summariseFinding(row) },
    );
  }
}

function lookOf(row: FindingRow) {
  return { lineId: row.line_id, towerId: row.tower_id, flightId: row.flight_id };
}

function kindOf({ decision, kind, boxes }: DecisionBody, row: FindingRow, shown: string): string {
  if (decision === 'corrected-box' && (!boxes || boxes.length === 0)) {
    throw new BadInput('no-box', 'A corrected box needs "boxes": each as it should be.');
  }
  if (row.outcome === 'clean' && (decision === 'reclassed' || decision === 'corrected-box')) {
    throw new BadInput(
      'clean-finding',
      'This finding says that there is no defect: confirm or reject it, or add the defect that was missed.',
    );
  }
  if (decision !== 'reclassed') return shown;
  if (kind === undefined || kind === shown) {
    throw new BadInput('no-kind', `Reclassed needs "kind": what it is instead of ${shown}.`);
  }
  return kind;
}

function toOpinion(
  { decision, reviewer, kind_after }: Pick<OpinionRow, 'decision' | 'reviewer' | 'kind_after'>,
  row: FindingRow,
) {
  return { reviewer, verdict: verdictOf(decision, row.outcome, kind_after) };
}

/** Two who disagree need a third; one in ten is looked at twice. */
function wanted(row: FindingRow, isDisputed: boolean): number {
  const drawn = isDrawnForSecondLook(row.finding_id) ? 2 : 1;
  return Math.max(row.opinions_wanted, isDisputed ? 3 : drawn);
}
