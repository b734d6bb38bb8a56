/** Peaks become boxes, the better of two overlapping boxes stays, and classes do not disturb one another. */
import { describe, expect, it } from 'vitest';
import { decision } from './defaults.ts';
import { findProposals } from './find-proposals.ts';

const [rows, columns, classes] = [12, 16, 2];

/** Maps that are cold but for the given cells. */
function maps(hot: { row: number; column: number; index: number; logit: number; distances: number[] }[]) {
  const logits = new Float32Array(rows * columns * classes).fill(-9);
  const distances = new Float32Array(rows * columns * classes * 4).fill(1);
  for (const cell of hot) {
    const entry = (cell.row * columns + cell.column) * classes + cell.index;
    logits[entry] = cell.logit;
    distances.set(cell.distances, entry * 4);
  }
  return { rows, columns, classes, logits, distances };
}

describe('findProposals', () => {
  it('puts the box around the middle of the cell, which is 4 px wide', () => {
    const found = findProposals(maps([{ row: 2, column: 3, index: 1, logit: 2, distances: [10, 4, 20, 6] }]));
    expect(found).toEqual([{ classIndex: 1, logit: 2, box: [14 - 10, 10 - 4, 14 + 20, 10 + 6] }]);
  });

  it('takes one peak of a hill, also where two cells are equally high', () => {
    const distances = [9, 9, 9, 9];
    const hill = [2, 3, 4].map((column) => ({ row: 1, column, index: 0, logit: 3, distances }));
    expect(findProposals(maps(hill))).toHaveLength(1);
  });

  it('drops the weaker of two boxes of one class on the same place, and keeps another class there', () => {
    const distances = [20, 20, 20, 20];
    const found = findProposals(
      maps([
        { row: 2, column: 2, index: 0, logit: 1, distances },
        { row: 2, column: 4, index: 0, logit: 2, distances: [28, 20, 12, 20] },
        { row: 2, column: 2, index: 1, logit: 0, distances },
      ]),
    );
    expect(found.map(({ classIndex, logit }) => [classIndex, logit])).toEqual([
      [0, 2],
      [1, 0],
    ]);
  });

  it('finds nothing in cold maps, and no more than its limit in hot ones', () => {
    expect(findProposals(maps([]))).toEqual([]);
    const distances = [1, 1, 1, 1];
    const many = Array.from({ length: 48 }, (_, i) => ({
      row: 1 + 2 * Math.floor(i / 8),
      column: 1 + 2 * (i % 8),
      index: 0,
      logit: 5 - i / 100,
      distances,
    }));
    const found = findProposals(maps(many));
    expect(found).toHaveLength(decision.mostProposals);
    expect(found[0]?.logit).toBe(5);
  });
});
