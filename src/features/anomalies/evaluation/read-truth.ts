/** Reads the truth about a telemetry file: which sensors had which defect, from when, and how bad it became. */
import { badCell, readCsv } from '../../../platform/csv/read-csv.ts';
import { parseTime } from '../../../platform/csv/telemetry-csv.ts';
import type { TrueDefect } from './true-defect.ts';

const COLUMNS = {
  required: ['sensor_id', 'kind', 'onset_at'],
  optional: ['ratio_2_at', 'peak_joint_ratio', 'shorted_discs', 'repaired_at', 'strand_count'],
};
/** A joint is to be replaced within three months from this ratio to sound conductor on. */
const SEVERE_RATIO = 2;
const RATIO_CLASSES = [
  { below: 2, severity: 'ratio below 2' },
  { below: 3, severity: 'ratio 2 to 3' },
  { below: Infinity, severity: 'ratio above 3' },
];

/** By sensor, in the order of onset. */
export async function readTruth(file: string): Promise<Map<string, TrueDefect[]>> {
  const truth = new Map<string, TrueDefect[]>();
  for await (const rows of readCsv(file, COLUMNS)) {
    for (const { cells, line } of rows) {
      const defect = readDefect(file, line, cells);
      truth.set(defect.sensorId, [...(truth.get(defect.sensorId) ?? []), defect]);
    }
  }
  for (const defects of truth.values()) defects.sort((one, other) => one.onsetAt - other.onsetAt);
  return truth;
}

function readDefect(file: string, line: number, cells: readonly string[]): TrueDefect {
  const [
    sensorId = '',
    kind = '',
    onset = '',
    ratio2 = '',
    peak = '',
    discs = '',
    repaired = '',
    strands = '',
  ] = cells;
  const timeOf = (column: string, text: string, absent: number): number =>
    text === '' ? absent : parseTime(file, line, column, text);
  const amountOf = (column: string, text: string): number => {
    const value = text === '' ? NaN : Number(text);
    if (text === '' || value >= 0) return value;
    throw badCell(file, line, column, `'${text}' is not a number of at least 0`);
  };
  if (sensorId === '') throw badCell(file, line, 'sensor_id', 'is empty');
  const onsetAt = parseTime(file, line, 'onset_at', onset);
  const severe = timeOf('ratio_2_at', ratio2, NaN);
  const given = {
    peakRatio: amountOf('peak_joint_ratio', peak),
    shortedDiscs: amountOf('shorted_discs', discs),
    brokenStrands: amountOf('strand_count', strands),
  };
  return {
    sensorId,
    kind,
    onsetAt,
    severeAt: Number.isNaN(severe) ? (given.peakRatio < SEVERE_RATIO ? Infinity : onsetAt) : severe,
    repairedAt: timeOf('repaired_at', repaired, Infinity),
    severity: describeSeverity(given),
    magnitude:
      [peak, discs, strands].map((text) => (text === '' ? NaN : Number(text))).find((value) => value >= 0) ??
      NaN,
    // A string without a shorted disc and broken strands hardly move what the sensors measure.
    claimed: !/strand/i.test(kind) && given.shortedDiscs !== 0,
  };
}

function describeSeverity(given: {
  readonly peakRatio: number;
  readonly shortedDiscs: number;
  readonly brokenStrands: number;
}): string {
  if (given.peakRatio >= 0) return RATIO_CLASSES.find(({ below }) => given.peakRatio < below)!.severity;
  if (given.shortedDiscs >= 0)
    return `${given.shortedDiscs} shorted disc${given.shortedDiscs === 1 ? '' : 's'}`;
  if (given.brokenStrands >= 0)
    return `${given.brokenStrands} broken strand${given.brokenStrands === 1 ? '' : 's'}`;
  return '';
}
