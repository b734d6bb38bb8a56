/** Paints over a box with what surrounds it: each pixel blends the four edges, the nearer the more. */
import type { Corners } from '../../../core/geometry/box.ts';
import type { Pixels } from './resize-pixels.ts';

/** In place. */
export function paintOut({ data, width, height }: Pixels, box: Corners): void {
  const left = Math.max(0, Math.floor(box[0]));
  const top = Math.max(0, Math.floor(box[1]));
  const right = Math.min(width - 1, Math.ceil(box[2]));
  const bottom = Math.min(height - 1, Math.ceil(box[3]));
  // Pixels just outside; at the picture's edge, where there are none, the opposite side decides alone.
  const [before, after] = [left - 1, right + 1];
  const [above, below] = [top - 1, bottom + 1];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const edges: { at: number; distance: number }[] = [];
      if (before >= 0) edges.push({ at: y * width + before, distance: x - before });
      if (after < width) edges.push({ at: y * width + after, distance: after - x });
      if (above >= 0) edges.push({ at: above * width + x, distance: y - above });
      if (below < height) edges.push({ at: below * width + x, distance: below - y });
      const total = edges.reduce((sum, { distance }) => sum + 1 / distance, 0);
      for (let channel = 0; channel < 3; channel++) {
        const sum = edges.reduce((s, { at, distance }) => s + data[at * 3 + channel]! / distance, 0);
        data[(y * width + x) * 3 + channel] = sum / total + 0.5;
      }
    }
  }
}
