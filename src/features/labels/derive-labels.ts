/** The derive-labels job: findings of a tower become labels of its sensors; earlier labels are superseded. */
import type { Label } from '../../core/domain/label.ts';
import { labelsOf } from '../../core/domain/label.ts';
import type { DeriveLabelsJob } from '../../platform/jobs/job-kinds.ts';
import type { Database, Queryable } from '../../platform/storage/database.ts';
import type { FindingRepository, FindingRow } from '../../platform/storage/finding-repository.ts';
import type { LabelRepository, LabelRow } from '../../platform/storage/label-repository.ts';

/** Whose readings drone findings are about; weather has no defects. */
const LABELLED_SENSOR_KIND = 'impedance';

const BY_RULES = { author: 'label rules', source: 'drone findings' };

export class DeriveLabels {
  constructor(
    private readonly database: Database,
    private readonly findings: FindingRepository,
    private readonly labels: LabelRepository,
  ) {}

  /** Safe to run again: labels that already say the same are left alone. */
  async run({ lineId, towerId }: DeriveLabelsJob): Promise<void> {
    await this.database.transaction(async (client) => {
      // Two derivations of one tower would each add the same labels.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [`${lineId}/${towerId}`]);
      const findings = await this.findings.ofTower(lineId, towerId, client);
      const flownAt = newestByFlight(findings);
      const sensors = await this.labels.sensorsOfTower(client, lineId, towerId, LABELLED_SENSOR_KIND);
      for (const sensorId of sensors) {
        const current = await this.labels.current(client, sensorId);
        for (const kind of new Set([...findings, ...current].map((row) => row.kind))) {
          const seen = findings.filter((finding) => finding.kind === kind);
          const wanted = labelsOf(seen.map((row) => toFinding(row, flownAt.get(row.flight_id)!)));
          const ofKind = current.filter((row) => row.kind === kind);
          await this.bringUpToDate(client, sensorId, kind, ofKind, wanted);
        }
      }
    });
  }

  private async bringUpToDate(
    client: Queryable,
    sensorId: string,
    kind: string,
    current: readonly LabelRow[],
    wanted: readonly Label[],
  ): Promise<void> {
    const rivals = wanted.map((label) => current.find((row) => sameInstant(row, label)));
    const outdated = current.filter((row) => !rivals.includes(row) && !isWithdrawn(row));
    for (const [index, label] of wanted.entries()) {
      const rival = rivals[index] ?? takeFirst(outdated, (row) => isOfSameLook(row, label));
      if (rival && saysTheSame(rival, label)) continue;
      await this.labels.add(client, sensorId, kind, label, {
        ...originOf(label),
        supersedes: rival?.label_id ?? null,
      });
    }
    // What rests on no finding any more is not known; the instant is kept, the span that it claimed is not.
    for (const { probability, to_at: at, label_id: supersedes } of outdated) {
      const label = {
        state: 'unknown',
        fromAt: at,
        toAt: at,
        probability,
        findingIds: [],
        author: null,
      } as const;
      await this.labels.add(client, sensorId, kind, label, { ...BY_RULES, supersedes });
    }
  }
}

function originOf({ author }: Label): typeof BY_RULES {
  return author === null ? BY_RULES : { author, source: 'person' };
}

/** One flight is one look, though what a person decided keeps the time at which it was seen then. */
function newestByFlight(findings: readonly FindingRow[]): Map<string, Date> {
  const newest = new Map<string, Date>();
  for (const { flight_id: flightId, inspected_at: at } of findings) {
    const known = newest.get(flightId);
    if (!known || at > known) newest.set(flightId, at);
  }
  return newest;
}

function toFinding(row: FindingRow, inspectedAt: Date) {
  return {
    findingId: row.finding_id,
    flightId: row.flight_id,
    inspectedAt,
    outcome: row.outcome,
    probability: row.probability,
    reviewState: row.review_state,
    reviewedBy: row.reviewed_by,
  };
}

function sameInstant(row: LabelRow, label: Label): boolean {
  return (
    row.to_at.getTime() === label.toAt.getTime() && (row.state === 'unknown') === (label.state === 'unknown')
  );
}

/** Another photograph of a look may have been taken later. */
function isOfSameLook(row: LabelRow, label: Label): boolean {
  const last = row.finding_ids.at(-1);
  return (
    last !== undefined &&
    label.findingIds.includes(last) &&
    (row.state === 'unknown') === (label.state === 'unknown')
  );
}

function isWithdrawn(row: LabelRow): boolean {
  return row.state === 'unknown' && row.finding_ids.length === 0;
}

function takeFirst<Value>(values: Value[], isWanted: (value: Value) => boolean): Value | undefined {
  const index = values.findIndex(isWanted);
  return index < 0 ? undefined : values.splice(index, 1)[0];
}

function saysTheSame(row: LabelRow, label: Label): boolean {
  return (
    row.state === label.state &&
    row.from_at.getTime() === label.fromAt.getTime() &&
    row.probability === label.probability &&
    row.finding_ids.join() === label.findingIds.join() &&
    row.source === originOf(label).source &&
    row.author === originOf(label).author
  );
}
