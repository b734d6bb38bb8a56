/** Findings as a table of a report. */
import type { Html } from '../markup/markup.ts';
import { severityBadge } from './evidence-figures.ts';
import type { ReportedFinding } from './report-data.ts';
import { tableSection, type Column } from './report-page.ts';
import { REVIEW_WORDS, showKind, showProbability, showTime } from './show.ts';

export function findingTable(
  title: string,
  findings: readonly ReportedFinding[],
  empty: string,
  more: readonly Column<ReportedFinding>[] = [],
): Html {
  return tableSection(
    title,
    findings,
    [
      { title: 'Inspected (UTC)', look: 'time', cell: ({ inspectedAt }) => showTime(inspectedAt) },
      ...more,
      { title: 'Kind', cell: (finding) => nameOf(finding) },
      { title: 'Outcome', cell: ({ outcome }) => outcome },
      { title: 'Severity', cell: ({ severity }) => severityBadge(severity) },
      { title: 'Probability', look: 'number', cell: ({ probability }) => showProbability(probability) },
      { title: 'Review', cell: reviewOf },
    ],
    empty,
  );
}

function nameOf({ kind, defectNumber }: ReportedFinding): string {
  return defectNumber > 1 ? `${showKind(kind)} ${defectNumber}` : showKind(kind);
}

function reviewOf({ reviewState, reviewedBy }: ReportedFinding): string {
  return `${REVIEW_WORDS[reviewState]}${reviewedBy ? ` by ${reviewedBy}` : ''}`;
}
