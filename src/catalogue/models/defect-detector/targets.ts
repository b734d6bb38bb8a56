/** What the first stage should have said of a batch of windows: heat maps and boxes (TTFNet, Liu et al., 2020). */
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { boxArea } from '../../../core/geometry/box.ts';
import { training } from './defaults.ts';
import type { TrainingPicture, TrueObject } from './training-picture.ts';

/** Row-major over [batch, rows, columns, classes]; boxes have 4 values an entry. */
export interface Targets {
  /** 1 at the centre of an object, falling off as a Gaussian as wide and high as the object. */
  readonly heat: Float32Array;
  /** Left, top, right, bottom of the object's box, px. */
  readonly boxes: Float32Array;
  /** Share of each cell in learning its object's box; all cells of an object together weigh 1. */
  readonly boxWeights: Float32Array;
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

/** @param windows all of one size */
export function makeTargets(windows: readonly TrainingPicture[], classes: number): Targets {
  const { stride } = backbone;
  const [first] = windows;
  const grid = { rows: first!.height / stride, columns: first!.width / stride, classes };
  const entries = grid.rows * grid.columns * classes;
  const targets: Targets = {
    heat: new Float32Array(windows.length * entries),
    boxes: new Float32Array(windows.length * entries * 4),
    boxWeights: new Float32Array(windows.length * entries),
  };
  windows.forEach(({ objects }, picture) => {
    // The smallest last: where two meet, a cell learns the box of the smaller.
    const bySize = [...objects].sort((a, b) => boxArea(b.box) - boxArea(a.box));
    for (const object of bySize) drawObject(targets, grid, picture * entries, object);
  });
  return targets;
}

function drawObject(targets: Targets, grid: Grid, offset: number, { classIndex, box }: TrueObject): void {
  const { rows, columns, classes } = grid;
  const { stride } = backbone;
  const [left, top, right, bottom] = box;
  const centreColumn = clamp(Math.floor((left + right) / 2 / stride), columns);
  const centreRow = clamp(Math.floor((top + bottom) / 2 / stride), rows);
  // At least 0.6 of a cell, so that neighbours of the centre are not punished as if far away.
  const spread = (extent: number): number => Math.max(0.6, ((extent / stride) * training.heatSpread) / 6);
  const [spreadX, spreadY] = [spread(right - left), spread(bottom - top)];
  // Beyond four spreads the heat is below 0.001.
  const reach = (middle: number, width: number, cells: number): [number, number] => [
    clamp(Math.floor(middle - 4 * width), cells),
    clamp(Math.ceil(middle + 4 * width), cells),
  ];
  const [firstRow, lastRow] = reach(centreRow, spreadY, rows);
  const [firstColumn, lastColumn] = reach(centreColumn, spreadX, columns);
  const learning: { entry: number; heat: number }[] = [];
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const [x, y] = [(column - centreColumn) / spreadX, (row - centreRow) / spreadY];
      const heat = Math.exp(-(x * x + y * y) / 2);
      const entry = offset + (row * columns + column) * classes + classIndex;
      targets.heat[entry] = Math.max(targets.heat[entry]!, heat);
      if (heat <= training.boxHeat) continue;
      targets.boxes.set(box, entry * 4);
      learning.push({ entry, heat });
    }
  }
  const total = learning.reduce((sum, { heat }) => sum + heat, 0);
  for (const { entry, heat } of learning) targets.boxWeights[entry] = heat / total;
}

function clamp(cell: number, cells: number): number {
  return Math.max(0, Math.min(cells - 1, cell));
}
