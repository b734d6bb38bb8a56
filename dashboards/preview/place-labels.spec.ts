import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/statistics/random.ts';
import { placeLabels, type Dot } from './place-labels.ts';

const dot = (x: number, y: number, label: string): Dot => ({ x, y, radius: 10, label });

describe('placeLabels', () => {
  it('puts a label that has room to the upper right of its dot', () => {
    expect(placeLabels([dot(100, 100, 'L1/T1')], 560)).toEqual([{ text: 'L1/T1', x: 114, y: 83 }]);
  });

  it('keeps it within the map', () => {
    const [label] = placeLabels([dot(550, 100, 'L1/T1 critical')], 560);
    expect(label!.x).toBeLessThan(550 - 14);
  });

  it('serves the first of two neighbours first, and leaves out what finds no room', () => {
    const crowd = Array.from({ length: 40 }, (_, n) => dot(100 + (n % 8) * 12, 100 + Math.floor(n / 8) * 12, `T${n}`)); // prettier-ignore
    const placed = placeLabels(crowd, 560);
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(40);
    expect(placeLabels([dot(100, 100, 'worst'), dot(100, 100, 'second')], 560)[0]!.text).toBe('worst');
  });

  it('never puts one upon another', () => {
    const random = createRandom(1);
    const dots = Array.from({ length: 60 }, (_, n) =>
      dot(560 * random.uniform(), 40 + 300 * random.uniform(), `T${n}`),
    );
    const placed = placeLabels(dots, 560);
    for (const [index, a] of placed.entries()) {
      for (const b of placed.slice(index + 1)) {
        const apart = Math.abs(a.y - b.y) >= 13 || a.x + a.text.length * 7 <= b.x || b.x + b.text.length * 7 <= a.x; // prettier-ignore
        expect(apart, `${a.text} and ${b.text}`).toBe(true);
      }
    }
  });
});
