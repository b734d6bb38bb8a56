import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { CsvRows, encodeText } from './csv-rows.ts';

function written(write: (rows: CsvRows) => void): string {
  const rows = new CsvRows(new Uint8Array(4));
  write(rows);
  return new TextDecoder().decode(rows.bytes.subarray(0, rows.length));
}

describe('CsvRows', () => {
  it('writes numbers to a fixed number of decimals, as toFixed does', () => {
    const random = createRandom(1);
    for (let draw = 0; draw < 2_000; draw++) {
      const decimals = draw % 6;
      const whole = Math.round(random.normal() * 10 ** (1 + Math.floor(8 * random.uniform())));
      const value = whole / 10 ** decimals;
      // Without the sign of -0, which no reader of CSV knows.
      expect(written((rows) => rows.decimal(value, decimals))).toBe((value + 0).toFixed(decimals));
    }
  });

  it.each([
    [0, 2, '0.00'],
    [-0.04, 1, '0.0'],
    [-0.06, 1, '-0.1'],
    [9.96, 1, '10.0'],
    [2147483647, 0, '2147483647'],
  ])('writes %s with %i decimals as %s', (value, decimals, text) => {
    expect(written((rows) => rows.decimal(value, decimals))).toBe(text);
  });

  it('leaves a cell empty that has no value', () => {
    const cells = written((rows) => {
      rows.decimal(NaN, 1);
      rows.comma();
      rows.decimal(null, 1);
    });
    expect(cells).toBe(',');
  });

  it('writes times as Date does, over midnights and leap days, back and forth', () => {
    const times = ['2024-02-28T23:59:59.999Z', '2024-02-29T00:00:00.000Z', '2023-12-31T07:08:09.010Z'];
    const text = written((rows) => {
      for (const time of [...times, ...times]) rows.time(Date.parse(time));
    });
    expect(text).toBe(times.join('') + times.join(''));
  });

  it('grows as rows come, and keeps what was written', () => {
    const id = encodeText('L01-T01-Z,');
    expect(written((rows) => Array.from({ length: 1000 }, () => rows.text(id)))).toBe(
      'L01-T01-Z,'.repeat(1000),
    );
  });
});
