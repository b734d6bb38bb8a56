/** The derive-labels job: findings of a tower become labels of its sensors; earlier labels are superseded. */
import type { Label } from '../../core/domain/label.ts';
import { labelsOf } from '../../core/domain/label.ts';
import type { DeriveLabelsJob } from '../../platform/jobs/job-kinds.ts';
import type { Database, Queryable } from '../../platform/storage/database.ts';
import type { FindingRepository, FindingRow } from '../../platform/storage/finding-repository.ts';
import type { LabelRepository, LabelRow } from '../../platform/storage/label-repository.ts';

/** Whose readings drone findings are about; weather has no defects. */
const LABELLED_SENSOR_KIND = 'impedance';

const ORIGIN = { author: 'label rules', source: 'drone findings' };

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
      const sensors = await this.labels.sensorsOfTower(client, lineId, towerId, LABELLED_SENSOR_KIND);
      for (const kind of new Set(findings.map((finding) => finding.kind))) {
        const wanted = labelsOf(findings.filter((finding) => finding.kind === kind).map(toLook));
        for (const sensorId of sensors) await this.bringUpToDate(client, sensorId, kind, wanted);
      }
      for (const sensorId of sensors) await this.withdrawUnfounded(client, sensorId);
    });
  }

  private async bringUpToDate(
    client: Queryable,
    sensorId: string,
    kind: string,
    wanted: readonly Label[],
  ): Promise<void> {
    const current = await this.labels.current(client, sensorId, kind);
    for (const label of wanted) {
      const rival = current.find(
        (row) => sameInstant(row, label) && (row.state === 'unknown') === (label.state === 'unknown'),
      );
      if (rival && saysTheSame(rival, label)) continue;
      await this.labels.add(client, sensorId, kind, label, {
        ...ORIGIN,
        supersedes: rival?.label_id ?? null,
      });
    }
  }

  /** What rests on a finding that is gone is not known any more; the instant is kept, the span that it claimed is not. */
  private async withdrawUnfounded(client: Queryable, sensorId: string): Promise<void> {
    for (const row of await this.labels.unfounded(client, sensorId)) {
      const { kind, probability, to_at: at, label_id: supersedes } = row;
      const label: Label = { state: 'unknown', fromAt: at, toAt: at, probability, findingIds: [] };
      await this.labels.add(client, sensorId, kind, label, { ...ORIGIN, supersedes });
    }
  }
}

function toLook(row: FindingRow) {
  return {
    findingId: row.finding_id,
    inspectedAt: row.inspected_at,
    outcome: row.outcome,
    probability: row.probability,
    reviewState: row.review_state,
  };
}

function sameInstant(row: LabelRow, label: Label): boolean {
  return row.to_at.getTime() === label.toAt.getTime();
}

function saysTheSame(row: LabelRow, label: Label): boolean {
  return (
    row.state === label.state &&
    row.from_at.getTime() === label.fromAt.getTime() &&
    row.probability === label.probability &&
    row.finding_ids.join() === label.findingIds.join()
  );
}
