/** Rows come out byte by byte as PostgreSQL documents its binary COPY form. */
import { describe, expect, it } from 'vitest';
import { BinaryRows } from './binary-rows.ts';

const HEADER = '5047434f50590aff0d0a00' + '00000000' + '00000000';
const END = 'ffff';

describe('BinaryRows', () => {
  it('writes text, time, numbers and nothing with their lengths', () => {
    const rows = new BinaryRows();
    rows.beginRow(4);
    rows.ascii('Z-1');
    rows.timestamp(Date.UTC(2000, 0, 1) + 1);
    rows.double(-2);
    rows.double(null);
    const row =
      '0004' + '000000035a2d31' + '0000000800000000000003e8' + '00000008c000000000000000' + 'ffffffff';
    expect(rows.finish().toString('hex')).toBe(HEADER + row + END);
  });

  it('counts times before 2000 backwards', () => {
    const rows = new BinaryRows();
    rows.beginRow(1);
    rows.timestamp(Date.UTC(2000, 0, 1) - 1);
    expect(rows.finish().readBigInt64BE(HEADER.length / 2 + 6)).toBe(-1000n);
  });

  it('holds more than it began with, and begins anew when cleared', () => {
    const rows = new BinaryRows(32);
    for (let i = 0; i < 100; i++) {
      rows.beginRow(1);
      rows.double(i);
    }
    expect(rows.finish()).toHaveLength(HEADER.length / 2 + 100 * (2 + 4 + 8) + 2);
    rows.clear();
    expect(rows.finish().toString('hex')).toBe(HEADER + END);
  });
});
