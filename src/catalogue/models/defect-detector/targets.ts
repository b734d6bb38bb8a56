/** What the heads should have said of a batch of pictures. */
import type { Random } from '../../../core/statistics/random.ts';
import { cropBox } from './crop-box.ts';
import { architecture, OBJECT_CATEGORIES, training } from './defaults.ts';
import type { Corners } from './preprocess.ts';
import { categoryIndex, type TrainingExample } from './training-example.ts';

export const mapRows = architecture.inputHeight / architecture.learnerStride;
export const mapColumns = architecture.inputWidth / architecture.learnerStride;

/** Row-major over [batch, rows, columns, categories]; distances have 4 values an entry. */
export interface Targets {
  /** 1 at the centre of an object, falling off as a Gaussian as wide as the object. */
  readonly heat: Float32Array;
  readonly distances: Float32Array;
  /** Share of each cell in learning its object's box; all cells of an object together weigh 1. */
  readonly boxWeights: Float32Array;
  /** Left, top, right, bottom, px: [batch, objects, 4]. */
  readonly cropBoxes: Float32Array;
  /** [batch * objects, categories]: 1 where the object of this slot has this category. */
  readonly cropMask: Float32Array;
  /** [batch * objects, categories] */
  readonly defects: Float32Array;
}

export function makeTargets(random: Random, examples: readonly TrainingExample[]): Targets {
  const categories = OBJECT_CATEGORIES.length;
  const cells = examples.length * mapRows * mapColumns * categories;
  const slots = examples.length * training.objectsPerPicture;
  const targets: Targets = {
    heat: new Float32Array(cells),
    distances: new Float32Array(cells * 4).fill(1),
    boxWeights: new Float32Array(cells),
    cropBoxes: new Float32Array(slots * 4),
    cropMask: new Float32Array(slots * categories),
    defects: new Float32Array(slots * categories),
  };
  examples.forEach(({ objects }, picture) => {
    // The smallest last: where two meet, a cell learns the box of the smaller.
    const bySize = [...objects].sort((a, b) => area(b.box) - area(a.box));
    for (const { category, box } of bySize) drawObject(targets, picture, categoryIndex(category), box);
    const chosen = sample(random, objects, training.objectsPerPicture);
    for (let place = 0; place < training.objectsPerPicture; place++) {
      const slot = picture * training.objectsPerPicture + place;
      const object = chosen[place];
      const whole: Corners = [0, 0, architecture.inputWidth, architecture.inputHeight];
      targets.cropBoxes.set(object === undefined ? whole : cropBox(jitter(random, object.box)), slot * 4);
      if (object === undefined) continue;
      const entry = slot * categories + categoryIndex(object.category);
      targets.cropMask[entry] = 1;
      targets.defects[entry] = object.defective ? 1 : 0;
    }
  });
  return targets;
}

function drawObject(targets: Targets, picture: number, category: number, box: Corners): void {
  const stride = architecture.learnerStride;
  const [left, top, right, bottom] = box;
  const [centreColumn, centreRow] = [
    clamp(Math.floor((left + right) / 2 / stride), mapColumns),
    clamp(Math.floor((top + bottom) / 2 / stride), mapRows),
  ];
  // At least 0.6 of a cell, so that neighbours of the centre are not punished as if far away.
  const spread = (extent: number): number => Math.max(0.6, (extent * training.heatSpread) / stride);
  const [spreadX, spreadY] = [spread(right - left), spread(bottom - top)];
  const learning: { entry: number; heat: number }[] = [];
  for (let row = 0; row < mapRows; row++) {
    for (let column = 0; column < mapColumns; column++) {
      const heat = Math.exp(
        -(((column - centreColumn) / spreadX) ** 2 + ((row - centreRow) / spreadY) ** 2) / 2,
      );
      if (heat < 1e-3) continue;
      const entry = ((picture * mapRows + row) * mapColumns + column) * OBJECT_CATEGORIES.length + category;
      targets.heat[entry] = Math.max(targets.heat[entry]!, heat);
      const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
      const distances = [x - left, y - top, right - x, bottom - y];
      if (heat < training.boxHeat || Math.min(...distances) <= 0) continue;
      targets.distances.set(distances, entry * 4);
      learning.push({ entry, heat });
    }
  }
  const total = learning.reduce((sum, { heat }) => sum + heat, 0);
  for (const { entry, heat } of learning) targets.boxWeights[entry] = heat / total;
}

/** Boxes as a detector would give them: a little off. */
function jitter(random: Random, [left, top, right, bottom]: Corners): Corners {
  const off = (): number => (2 * random.uniform() - 1) * training.cropJitter;
  const [width, height] = [right - left, bottom - top];
  return [left + off() * width, top + off() * height, right + off() * width, bottom + off() * height];
}

function sample<T>(random: Random, entries: readonly T[], count: number): T[] {
  const rest = [...entries];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(Math.floor(random.uniform() * rest.length), 1));
  }
  return chosen;
}

function area([left, top, right, bottom]: Corners): number {
  return (right - left) * (bottom - top);
}

function clamp(cell: number, cells: number): number {
  return Math.max(0, Math.min(cells - 1, cell));
}
