import { describe, expect, it } from 'vitest';
import { markup } from '../../src/core/markup/markup.ts';
import { inkOn } from './ink-on.ts';
import { scaleOf, showTime, showValue } from './show-value.ts';

describe('a value', () => {
  it.each([
    [0.0218, 'ohm', undefined, '21.8 mΩ'],
    [412, 'amp', undefined, '412 A'],
    [0.35, 'mamp', undefined, '0.35 mA'],
    [0.729, 'percentunit', 0, '73 %'],
    [864_000, 's', 0, '10 days'],
    [90, 's', undefined, '1.5 min'],
    [122_683_392, 'bytes', undefined, '117 MiB'],
    [21.44, 'celsius', undefined, '21.4 °C'],
    [1_234, 'short', undefined, '1,234'],
    [-0.002, 'none', 3, '-0.002'],
  ])('%d in %s is %3$s', (value, unit, decimals, shown) => {
    expect(showValue(value, unit, decimals)).toBe(shown);
  });

  it('shares one scale with its axis', () => {
    expect(scaleOf('bytes', 3 * 2 ** 30)).toEqual({ factor: 2 ** -30, suffix: ' GiB' });
  });

  it('is escaped where it comes into the page', () => {
    const list = [markup`<i>`, markup`</i>`];
    expect(markup`<td>${'<script>"&'}</td>${list}`.text).toBe('<td>&lt;script&gt;&quot;&amp;</td><i></i>');
  });

  it('is black on bright and white on dark', () => {
    expect([inkOn('#F0E442'), inkOn('#0072B2')]).toEqual(['#111217', '#ffffff']);
  });

  it('of time is in UTC, to the minute', () => {
    expect(showTime(new Date('2026-11-23T10:05:59Z'))).toBe('2026-11-23 10:05');
  });
});
