/** Findings as GeoJSON (RFC 7946) for maps, and as CSV for work orders, written one after the other. */
import { csvLine } from './csv-line.ts';
import {
  FINDING_COLUMNS,
  findingProperties,
  type ExportedFinding,
  type FindingProperties,
} from './exported-finding.ts';

export const FINDING_FORMS = ['geojson', 'csv'] as const;
export type FindingForm = (typeof FINDING_FORMS)[number];

export interface FindingWriter {
  readonly mediaType: string;
  readonly beginning: string;
  /** @param isFirst of the whole file */
  line(finding: ExportedFinding, link: string, isFirst: boolean): string;
  readonly ending: string;
}

export const findingWriters: Readonly<Record<FindingForm, FindingWriter>> = {
  geojson: {
    mediaType: 'application/geo+json',
    beginning: '{"type":"FeatureCollection","features":[',
    line: (finding, link, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(toFeature(finding, link))}`,
    ending: '\n]}\n',
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    beginning: csvLine([...FINDING_COLUMNS]),
    line: (finding, link) => csvLine(toCells(finding, link)),
    ending: '',
  },
};

/** Longitude first; a tower whose place is not known has no geometry. */
function toFeature(finding: ExportedFinding, link: string): object {
  const { longitudeDeg, latitudeDeg } = finding;
  const isPlaced = longitudeDeg !== null && latitudeDeg !== null;
  return {
    type: 'Feature',
    id: finding.findingId,
    geometry: isPlaced ? { type: 'Point', coordinates: [longitudeDeg, latitudeDeg] } : null,
    properties: findingProperties(finding, link),
  };
}

function toCells(finding: ExportedFinding, link: string): (string | number | null)[] {
  const { longitudeDeg: longitude_deg, latitudeDeg: latitude_deg } = finding;
  const properties: FindingProperties = { longitude_deg, latitude_deg, ...findingProperties(finding, link) };
  return FINDING_COLUMNS.map((column) => {
    const value = properties[column] ?? null;
    return typeof value === 'object' && value !== null ? value.join(' ') : value;
  });
}
