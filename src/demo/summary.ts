/** The end of the story: what was found, missed and falsely raised, and where to look further. */
import { allDefects } from '../features/simulation/grid.ts';
import { AnomalyEventRepository, type EventRow } from '../platform/storage/anomaly-event-repository.ts';
import { FindingRepository } from '../platform/storage/finding-repository.ts';
import { ModelVersionRepository } from '../platform/storage/model-version-repository.ts';
import { compareWithTruth, type Report } from './compare-with-truth.ts';
import type { StageContext } from './stage.ts';

const EVERYTHING = { limit: 100_000, after: null };
const HOUR_MS = 3_600_000;

/** Hours after a joint began to fail within which the demo promises an event. */
export const PROMISED_HOURS = 72;

export interface DemoSummary {
  readonly liveDefect: {
    readonly lineId: string;
    readonly towerId: string;
    readonly kind: string;
    readonly onsetAt: string;
    readonly eventOpenedAt: string | null;
    readonly delayHours: number | null;
    readonly promisedHours: number;
    readonly keptPromise: boolean;
    readonly why: string | null;
  };
  readonly defects: readonly {
    readonly lineId: string;
    readonly towerId: string;
    readonly kind: string;
    readonly onsetAt: string;
    readonly seenByDroneAt: string | null;
    readonly raisedBySensorAt: string | null;
  }[];
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly falseFindings: number;
  readonly sensorDaysWatched: number;
  readonly model: { readonly version: string; readonly metrics: unknown } | null;
  readonly addresses: {
    readonly api: string;
    readonly documentation: string;
    readonly database: string;
    readonly mqtt: string;
  };
}

export async function summarise({ spanwatch, world }: StageContext): Promise<DemoSummary> {
  const { app, platform, url } = spanwatch;
  const { grid } = world;
  const findings = await app
    .get(FindingRepository)
    .list(EVERYTHING, { line: null, tower: null, outcome: 'defect' });
  const events = await app
    .get(AnomalyEventRepository)
    .list(EVERYTHING, { line: null, tower: null, open: null });
  const model = await app.get(ModelVersionRepository).champion('impedance-anomaly');
  const comparison = compareWithTruth(
    allDefects(grid),
    findings.map((row): Report => ({
      lineId: row.line_id,
      towerId: row.tower_id,
      kind: row.kind,
      at: row.inspected_at,
    })),
    events.map(toReport),
  );
  const sensors = grid.lines.reduce((sum, line) => sum + line.towers.length, 0);
  return {
    liveDefect: describeLive(comparison.outcomes.at(-1), events),
    defects: comparison.outcomes.map(({ defect, seenByDroneAt, raisedBySensorAt }) => ({
      lineId: defect.lineId,
      towerId: defect.towerId,
      kind: defect.kind,
      onsetAt: defect.onsetAt.toISOString(),
      seenByDroneAt: seenByDroneAt?.toISOString() ?? null,
      raisedBySensorAt: raisedBySensorAt?.toISOString() ?? null,
    })),
    found: comparison.found,
    missed: comparison.missed,
    falseAlarms: comparison.falseEvents.length,
    falseFindings: comparison.falseFindings.length,
    sensorDaysWatched: Math.round(
      (sensors * (grid.endAt.getTime() - grid.historyEndAt.getTime())) / (24 * HOUR_MS),
    ),
    model: model ? { version: model.version, metrics: model.manifest.metrics } : null,
    addresses: {
      api: `${url}/v1`,
      documentation: `${url}/docs`,
      database: platform.database.url,
      mqtt: platform.mqttUrl,
    },
  };
}

function toReport(row: EventRow): Report {
  return { lineId: row.line_id, towerId: row.tower_id, kind: row.kind, at: row.opened_at };
}

type LastOutcome = ReturnType<typeof compareWithTruth>['outcomes'][number] | undefined;

function describeLive(outcome: LastOutcome, events: readonly EventRow[]): DemoSummary['liveDefect'] {
  if (!outcome) throw new RangeError('The demo always has a live defect.');
  const { defect, raisedBySensorAt } = outcome;
  const event = events.find(
    (row) =>
      raisedBySensorAt !== null &&
      row.tower_id === defect.towerId &&
      row.line_id === defect.lineId &&
      row.opened_at >= defect.onsetAt,
  );
  const delayHours = raisedBySensorAt
    ? (raisedBySensorAt.getTime() - defect.onsetAt.getTime()) / HOUR_MS
    : null;
  return {
    lineId: defect.lineId,
    towerId: defect.towerId,
    kind: defect.kind,
    onsetAt: defect.onsetAt.toISOString(),
    eventOpenedAt: raisedBySensorAt?.toISOString() ?? null,
    delayHours: delayHours === null ? null : Math.round(delayHours * 10) / 10,
    promisedHours: PROMISED_HOURS,
    keptPromise: delayHours !== null && delayHours <= PROMISED_HOURS,
    why: typeof event?.reasons['sentence'] === 'string' ? event.reasons['sentence'] : null,
  };
}
