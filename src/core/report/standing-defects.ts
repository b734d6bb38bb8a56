/** Defects that are there as far as anybody knows: of the newest look for their kind, and not rejected. */
import { showsDefect } from '../domain/finding.ts';
import type { ReportedFinding } from './report-data.ts';

/** @param findings of one tower @returns the worst first */
export function standingDefects(findings: readonly ReportedFinding[]): ReportedFinding[] {
  const newest = new Map<string, ReportedFinding>();
  for (const finding of findings) {
    const known = newest.get(finding.kind);
    if (!known || finding.inspectedAt > known.inspectedAt) newest.set(finding.kind, finding);
  }
  return findings
    .filter((finding) => showsDefect(finding) && newest.get(finding.kind)!.flightId === finding.flightId)
    .sort(worstFirst);
}

export function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  return (b.severity ?? 0) - (a.severity ?? 0) || b.probability - a.probability;
}
