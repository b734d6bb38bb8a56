/** The report of one tower: what is wrong with it now, with photographs, and how that came. */
import { markup, type Html } from '../markup/markup.ts';
import { findingArticle } from './evidence-figures.ts';
import { findingTable } from './finding-table.ts';
import { standingDefects } from './standing-defects.ts';
import type { ReportedReview, TowerReport } from './report-data.ts';
import { figureRow, reportPage, tableSection } from './report-page.ts';
import { showDay, showKind, showNumber, showProbability, showTime } from './show.ts';

/** Photographs a finding; more say nothing new on paper. */
export const MOST_PICTURES = 3;

export function towerReport(report: TowerReport): string {
  const { lineId, towerId, latitudeDeg, longitudeDeg, findings, events, labels } = report;
  const place =
    latitudeDeg === null || longitudeDeg === null
      ? 'position not known'
      : `${latitudeDeg.toFixed(6)}, ${longitudeDeg.toFixed(6)} (WGS 84)`;
  const defects = standingDefects(findings);
  const looks = new Set(findings.map(({ flightId }) => flightId)).size;
  return reportPage({
    title: `Tower ${towerId} of line ${lineId}`,
    aside: [place, `made ${showTime(report.madeAt)} UTC`],
    body: [
      figureRow([
        ['defects now', defects.length],
        ['worst severity', Math.max(0, ...defects.map(({ severity }) => severity ?? 0)) || '–'],
        ['flights that looked', looks],
        ['last look', findings[0] ? showDay(findings[0].inspectedAt) : 'never'],
        ['open anomaly events', events.filter(({ closedAt }) => closedAt === null).length],
      ]),
      defectSection(report),
      findingTable(
        'History of findings',
        findings,
        'No flight has looked at this tower: that says nothing of its state.',
        [{ title: 'Flight', look: 'free', cell: ({ flightId }) => flightId }],
      ),
      reviewTable(report),
      eventTable(report),
      sensorTable(report),
      tableSection(
        'What training may believe',
        labels,
        [
          { title: 'Sensor', cell: ({ sensorId }) => sensorId },
          { title: 'Kind', cell: ({ kind }) => showKind(kind) },
          { title: 'State', cell: ({ state }) => state },
          { title: 'From (UTC)', look: 'time', cell: ({ fromAt }) => showTime(fromAt) },
          { title: 'To (UTC)', look: 'time', cell: ({ toAt }) => showTime(toAt) },
          { title: 'Probability', look: 'number', cell: ({ probability }) => showProbability(probability) },
          { title: 'Author', look: 'free', cell: ({ author }) => author },
        ],
        'No labels: no flight has looked at this tower, or it has no impedance sensor.',
      ),
    ],
    footer:
      'A clean finding speaks only of what the photographs showed well enough. Probabilities are the detector’s until a person has decided. Times are in UTC.',
  });
}

function defectSection({ findings, evidence }: TowerReport): Html {
  const defects = standingDefects(findings);
  if (defects.length === 0) {
    return markup`<section><h2>Defects now</h2><p class="aside">None at the last look, of what was in view.</p></section>`;
  }
  const articles = defects.map((finding) => {
    const own = evidence.filter(({ findingId }) => findingId === finding.findingId);
    return findingArticle(finding, own.slice(0, MOST_PICTURES), Math.max(0, own.length - MOST_PICTURES));
  });
  return markup`<section><h2>Defects now</h2>${articles}</section>`;
}

function reviewTable({ reviews, findings }: TowerReport): Html {
  const byId = new Map(findings.map((finding) => [finding.findingId, finding]));
  const whatOf = ({ findingId, kindBefore, kindAfter }: ReportedReview): string => {
    const kind =
      kindBefore === kindAfter ? showKind(kindAfter) : `${showKind(kindBefore)} → ${showKind(kindAfter)}`;
    const finding = byId.get(findingId);
    return finding ? `${kind}, ${showDay(finding.inspectedAt)}` : kind;
  };
  return tableSection(
    'What people said',
    reviews,
    [
      { title: 'When (UTC)', look: 'time', cell: ({ reviewedAt }) => showTime(reviewedAt) },
      { title: 'Who', look: 'free', cell: ({ reviewer }) => reviewer },
      { title: 'Decision', cell: ({ decision }) => decision },
      { title: 'Finding', look: 'free', cell: whatOf },
      { title: 'Reason', look: 'free', cell: ({ reason }) => reason ?? '' },
    ],
    'Nobody has reviewed a finding of this tower.',
  );
}

function eventTable({ events }: TowerReport): Html {
  return tableSection(
    'Anomaly events of the sensors',
    events,
    [
      { title: 'Opened (UTC)', look: 'time', cell: ({ openedAt }) => showTime(openedAt) },
      { title: 'Closed', look: 'time', cell: ({ closedAt }) => (closedAt ? showTime(closedAt) : 'open') },
      { title: 'Sensor', cell: ({ sensorId }) => sensorId },
      { title: 'Kind', cell: ({ kind }) => showKind(kind) },
      { title: 'Severity', cell: ({ severity }) => severity },
      { title: 'Peak', look: 'number', cell: ({ peakScore }) => showProbability(peakScore) },
      { title: 'Why', look: 'free', cell: ({ why }) => why },
    ],
    'The sensors of this tower have raised none.',
  );
}

function sensorTable({ sensors }: TowerReport): Html {
  return tableSection(
    'Sensors, hourly means of their last 30 days',
    sensors,
    [
      { title: 'Sensor', cell: ({ sensorId }) => sensorId },
      { title: 'Kind', cell: ({ kind }) => kind },
      {
        title: 'Newest reading (UTC)',
        look: 'time',
        cell: ({ newestAt }) => (newestAt ? showTime(newestAt) : 'never'),
      },
      { title: 'Readings', look: 'number', cell: ({ readings }) => String(readings) },
      { title: 'R, Ω', look: 'number', cell: (row) => showNumber(row.resistanceOhm) },
      {
        title: 'R lowest to highest',
        look: 'number',
        cell: (row) => `${showNumber(row.lowestResistanceOhm)} to ${showNumber(row.highestResistanceOhm)}`,
      },
      { title: 'X, Ω', look: 'number', cell: (row) => showNumber(row.reactanceOhm) },
      { title: 'Leakage, mA', look: 'number', cell: (row) => showNumber(row.leakageMilliampere, 3) },
      { title: 'highest', look: 'number', cell: (row) => showNumber(row.highestLeakageMilliampere, 3) },
    ],
    'No sensor is registered on this tower.',
  );
}
