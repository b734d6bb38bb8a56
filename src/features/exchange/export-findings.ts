/** Writes findings as text, some at a time, however many there are. */
import { findingWriters, type FindingForm } from '../../core/exchange/finding-text.ts';
import { towerReportPath } from '../../core/exchange/report-path.ts';
import type {
  FindingExportRepository,
  FindingSelection,
} from '../../platform/storage/finding-export-repository.ts';

/** @param linkBase of the HTTP door, such as https://spanwatch.example.org, for the links to reports */
export async function* exportFindings(
  findings: FindingExportRepository,
  form: FindingForm,
  selection: FindingSelection,
  linkBase: string,
  onWritten: (findings: number) => void = () => {},
): AsyncGenerator<string> {
  const writer = findingWriters[form];
  const base = linkBase.replace(/\/+$/, '');
  let [text, written] = [writer.beginning, 0];
  for await (const batch of findings.batches(selection)) {
    for (const finding of batch) {
      const link = `${base}${towerReportPath(finding.lineId, finding.towerId)}`;
      text += writer.line(finding, link, written++ === 0);
    }
    yield text;
    text = '';
    onWritten(written);
  }
  yield writer.ending;
}
