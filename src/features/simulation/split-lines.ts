/** Divides the lines of a grid into parts that are about as much work. */
import type { SimulatedGrid } from './grid.ts';

export interface LinePart {
  /** Inclusive, by number. */
  readonly fromLine: number;
  /** Exclusive. */
  readonly toLine: number;
  readonly sensors: number;
}

/** @param parts at most so many; fewer where there are fewer lines */
export function splitLines({ lines }: SimulatedGrid, parts: number): LinePart[] {
  const sensorsOf = (from: number, to: number) =>
    lines.slice(from, to).reduce((sum, line) => sum + line.towers.length, 0);
  const count = Math.min(parts, lines.length);
  return Array.from({ length: count }, (_, part) => {
    const [fromLine, toLine] = [part, part + 1].map((at) => Math.round((at * lines.length) / count));
    return { fromLine: fromLine!, toLine: toLine!, sensors: sensorsOf(fromLine!, toLine!) };
  });
}
