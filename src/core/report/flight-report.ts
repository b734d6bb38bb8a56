/** The report of one flight: what it saw, what it found, and what is left to do before anybody relies on it. */
import { showsDefect } from '../domain/finding.ts';
import { markup, type Html } from '../markup/markup.ts';
import { findingArticle, severityBadge } from './evidence-figures.ts';
import { findingTable } from './finding-table.ts';
import type { FlightReport, ReportedFinding, WaitingImage } from './report-data.ts';
import { figureRow, reportPage, tableSection, type Column } from './report-page.ts';
import { SEVERITY_WORDS, showKind, showTime } from './show.ts';
import { worstFirst } from './standing-defects.ts';

/** Photographs a finding, and findings that are shown with photographs: the worst come first. */
const MOST_PICTURES = 1;
const MOST_DRAWN = 24;

/** Those that are shown with photographs. */
export function worstDefects(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return findings.filter(showsDefect).sort(worstFirst).slice(0, MOST_DRAWN);
}

export function flightReport(report: FlightReport): string {
  const { flightId, lineId, startedAt, photographs, towers, unseenTowers, findings, unmatched, failed } =
    report;
  const defects = findings.filter(showsDefect).sort(worstFirst);
  const lines = lineId ? [`line ${lineId}`] : [];
  return reportPage({
    title: `Flight ${flightId}`,
    aside: [
      ...lines,
      `flown ${showTime(photographs.firstAt ?? startedAt)} UTC`,
      `made ${showTime(report.madeAt)} UTC`,
    ],
    body: [
      figureRow([
        ['photographs', photographs.total],
        ['towers seen', towers.length],
        ['towers not seen', unseenTowers.length],
        ['defects', defects.length],
        ['to match by hand', unmatched.length],
        ['failed', photographs.failed],
      ]),
      unfinished(report),
      severityTable(defects),
      defectSection(defects, report),
      coverageTable(report),
      unseenSection(report),
      findingTable('All findings', findings, 'None yet.', [
        { title: 'Tower', cell: ({ lineId: line, towerId }) => `${line}/${towerId}` },
      ]),
      tableSection('Photographs without a tower', unmatched, WAITING, 'Every photograph has its tower.'),
      tableSection('Photographs that failed', failed, WAITING, 'None.'),
    ],
    footer:
      'A tower counts as seen when a photograph is of it; what of it was in view is told beside it. Probabilities are the detector’s until a person has decided. Times are in UTC.',
  });
}

const WAITING: readonly Column<WaitingImage>[] = [
  { title: 'File', look: 'free', cell: ({ fileName }) => fileName },
  { title: 'Taken (UTC)', look: 'time', cell: ({ takenAt }) => showTime(takenAt) },
  { title: 'State', cell: ({ state }) => state },
  { title: 'Why', look: 'free', cell: ({ reason }) => reason ?? '' },
];

function unfinished({ photographs }: FlightReport): Html {
  if (photographs.queued === 0) return markup``;
  return markup`<p><b>${photographs.queued} photographs are not analysed yet: this report is not complete.</b></p>`;
}

function severityTable(defects: readonly ReportedFinding[]): Html {
  const kinds = [...new Set(defects.map(({ kind }) => kind))].sort();
  const levels = [5, 4, 3, 2, 1].filter((level) => defects.some(({ severity }) => severity === level));
  const counted = levels.map((level) => ({
    level,
    of: defects.filter(({ severity }) => severity === level),
  }));
  return tableSection(
    'Defects by severity',
    counted,
    [
      { title: 'Severity', cell: ({ level }) => severityBadge(level) },
      { title: 'Defects', look: 'number', cell: ({ of }) => String(of.length) },
      ...kinds.map((kind): Column<(typeof counted)[number]> => ({
        title: showKind(kind),
        look: 'number',
        cell: ({ of }) => String(of.filter((finding) => finding.kind === kind).length),
      })),
    ],
    `No defects of any severity, from ${SEVERITY_WORDS[1]} to ${SEVERITY_WORDS[5]}.`,
  );
}

function defectSection(defects: readonly ReportedFinding[], { evidence }: FlightReport): Html {
  if (defects.length === 0) return markup``;
  const articles = worstDefects(defects).map((finding) => {
    const own = evidence.filter(({ findingId }) => findingId === finding.findingId);
    const more = Math.max(0, own.length - MOST_PICTURES);
    const place = `${finding.lineId}/${finding.towerId}: `;
    return findingArticle(finding, own.slice(0, MOST_PICTURES), more, place);
  });
  const rest = defects.length - articles.length;
  const left =
    rest > 0 ? markup`<p class="aside">${rest} more are in the table of all findings.</p>` : markup``;
  return markup`<section><h2>Defects, the worst first</h2>${articles}${left}</section>`;
}

function coverageTable({ towers }: FlightReport): Html {
  return tableSection(
    'Coverage',
    towers,
    [
      { title: 'Tower', cell: ({ lineId, towerId }) => `${lineId}/${towerId}` },
      { title: 'Photographs', look: 'number', cell: ({ photographs }) => String(photographs) },
      {
        title: 'Seen well enough',
        cell: ({ objectsInView }) => objectsInView.map(showKind).join(', ') || 'nothing',
      },
      { title: 'Defects', look: 'number', cell: ({ defects }) => String(defects) },
      { title: 'Worst', cell: ({ worstSeverity }) => severityBadge(worstSeverity) },
    ],
    'No photograph of this flight is of a tower that is known.',
  );
}

function unseenSection({ unseenTowers }: FlightReport): Html {
  if (unseenTowers.length === 0) return markup``;
  const items = unseenTowers.map(({ lineId, towerId }) => markup`<li>${lineId}/${towerId}</li>`);
  return markup`<section><h2>Towers of these lines without a photograph</h2><ul>${items}</ul></section>`;
}
