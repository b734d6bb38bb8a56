import { describe, expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';
import { FINDING_COLUMNS, findingProperties, type ExportedFinding } from './exported-finding.ts';
import { findingWriters, type FindingWriter } from './finding-text.ts';

const finding: ExportedFinding = {
  findingId: 'b0f5f2f0-0000-4000-8000-000000000001',
  lineId: '-L07',
  towerId: 'T12',
  longitudeDeg: -8.25,
  latitudeDeg: 50.5,
  flightId: 'F1',
  inspectedAt: new Date('2026-05-01T10:00:00Z'),
  kind: '=HYPERLINK("http://x","a")',
  defectNumber: 1,
  outcome: 'defect',
  severity: 4,
  probability: 0.875,
  reviewState: 'confirmed',
  reviewedBy: 'Anna, "A."\nB.',
  reviewedAt: new Date('2026-05-02T10:00:00Z'),
  heightMetre: null,
  modelVersion: null,
  imageIds: ['i1', 'i2'],
};

describe('findings as text', () => {
  it('name every property as a column, and the other way round, save where the tower stands', () => {
    const places = ['longitude_deg', 'latitude_deg'];
    const columns = FINDING_COLUMNS.filter((column) => !places.includes(column));
    expect(Object.keys(findingProperties(finding, ''))).toEqual(columns);
  });

  it('are features with longitude first, and without geometry where the tower was never placed', () => {
    const { beginning, ending } = findingWriters.geojson;
    const line: FindingWriter['line'] = (...parts) => findingWriters.geojson.line(...parts);
    const unplaced = { ...finding, latitudeDeg: null };
    const text = beginning + line(finding, 'http://a/r', true) + line(unplaced, 'http://a/r', false) + ending;
    const { type, features } = JSON.parse(text) as { type: string; features: Record<string, unknown>[] };
    expect(type).toBe('FeatureCollection');
    expect(features.map(({ geometry }) => geometry)).toEqual([
      { type: 'Point', coordinates: [-8.25, 50.5] },
      null,
    ]);
    expect(features[0]).toMatchObject({
      type: 'Feature',
      id: finding.findingId,
      properties: {
        severity: 4,
        image_ids: ['i1', 'i2'],
        reviewed_by: finding.reviewedBy,
        link: 'http://a/r',
      },
    });
    expect(JSON.parse(beginning + ending)).toEqual({ type: 'FeatureCollection', features: [] });
  });

  it('are lines that no spreadsheet runs, with numbers as they are', () => {
    const line = findingWriters.csv.line(finding, 'http://a/r', true);
    expect(line).toBe(
      `${finding.findingId},'-L07,T12,-8.25,50.5,"'=HYPERLINK(""http://x"",""a"")",1,defect,4,0.875,confirmed,` +
        '"Anna, ""A.""\nB.",2026-05-02T10:00:00.000Z,2026-05-01T10:00:00.000Z,F1,,,i1 i2,http://a/r\r\n',
    );
  });

  it.each(['=1', '+1', '-1', '@a', '\t=1', ' =1', '\r=1', '＝1'])('disarm %j', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  });
});
