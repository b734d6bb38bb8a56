/** Peaks become boxes, the better of two overlapping boxes stays, and categories do not disturb one another. */
import { describe, expect, it } from 'vitest';
import { architecture, OBJECT_CATEGORIES } from './defaults.ts';
import { findObjects, intersectionOverUnion } from './postprocess.ts';

const [rows, columns, categories] = [6, 8, OBJECT_CATEGORIES.length];

/** Maps that are cold but for the given cells. */
function maps(hot: { row: number; column: number; category: number; logit: number; distances: number[] }[]) {
  const logits = new Float32Array(rows * columns * categories).fill(-9);
  const distances = new Float32Array(rows * columns * categories * 4).fill(1);
  for (const cell of hot) {
    const entry = (cell.row * columns + cell.column) * categories + cell.category;
    logits[entry] = cell.logit;
    distances.set(cell.distances, entry * 4);
  }
  return { rows, columns, logits, distances };
}

describe('findObjects', () => {
  it('puts the box around the middle of the cell', () => {
    const found = findObjects(
      maps([{ row: 2, column: 3, category: 1, logit: 2, distances: [10, 4, 20, 6] }]),
    );
    const stride = architecture.learnerStride;
    const [x, y] = [3.5 * stride, 2.5 * stride];
    expect(found).toEqual([{ category: 'joint', logit: 2, box: [x - 10, y - 4, x + 20, y + 6] }]);
  });

  it('takes one peak of a hill, also where two cells are equally high', () => {
    const distances = [9, 9, 9, 9];
    const hill = [2, 3, 4].map((column) => ({ row: 1, column, category: 0, logit: 3, distances }));
    expect(findObjects(maps(hill))).toHaveLength(1);
  });

  it('drops the weaker of two boxes of one category that overlap, and keeps another category there', () => {
    const distances = [20, 20, 20, 20];
    const found = findObjects(
      maps([
        { row: 2, column: 2, category: 0, logit: 1, distances },
        { row: 2, column: 4, category: 0, logit: 2, distances: [36, 20, 4, 20] },
        { row: 2, column: 2, category: 1, logit: 0, distances },
      ]),
    );
    expect(found.map(({ category, logit }) => [category, logit])).toEqual([
      ['insulator', 2],
      ['joint', 0],
    ]);
  });

  it('finds nothing in cold maps', () => {
    expect(findObjects(maps([]))).toEqual([]);
  });
});

describe('intersectionOverUnion', () => {
  it('knows same, half and separate boxes', () => {
    expect(intersectionOverUnion([0, 0, 2, 2], [0, 0, 2, 2])).toBe(1);
    expect(intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3, 12);
    expect(intersectionOverUnion([0, 0, 1, 1], [2, 2, 3, 3])).toBe(0);
    expect(intersectionOverUnion([1, 1, 1, 1], [1, 1, 1, 1])).toBe(0);
  });
});
