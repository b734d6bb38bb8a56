/** One picture with its truth, ready to learn from: as it is kept in memory between epochs, and varied anew in each. */
import type { Random } from '../../../core/statistics/random.ts';
import { architecture, OBJECT_CATEGORIES, training, type ObjectCategory } from './defaults.ts';
import { fitPixels, letterbox, toFrame, type Corners, type Pixels } from './preprocess.ts';

export interface TrueObject {
  readonly category: ObjectCategory;
  readonly defective: boolean;
  readonly box: Corners;
}

export interface TrainingExample {
  /** RGB bytes of the network's frame. */
  readonly frame: Uint8Array;
  /** Boxes in px of the frame. */
  readonly objects: readonly TrueObject[];
}

/** @param objects boxes in px of the picture */
export function toExample(pixels: Pixels, objects: readonly TrueObject[]): TrainingExample {
  const box = letterbox(pixels.width, pixels.height);
  return {
    frame: fitPixels(pixels, box),
    objects: objects.map((object) => ({ ...object, box: toFrame(box, object.box) })),
  };
}

/** Mirrors half of the pictures and changes their light; the truth follows. */
export function varyExample(random: Random, example: TrainingExample): TrainingExample {
  const mirrored = random.uniform() < 0.5 ? mirror(example) : example;
  const jitter = (): number => (2 * random.uniform() - 1) * training.colourJitter;
  const [contrast, brightness] = [1 + jitter(), 1 + jitter()];
  const frame = new Uint8ClampedArray(mirrored.frame.length);
  for (let channel = 0; channel < 3; channel++) {
    const gain = contrast * brightness * (1 + jitter() * 0.5);
    const offset = 128 * brightness * (1 - contrast);
    for (let i = channel; i < frame.length; i += 3) frame[i] = mirrored.frame[i]! * gain + offset;
  }
  return { ...mirrored, frame: new Uint8Array(frame.buffer) };
}

function mirror({ frame, objects }: TrainingExample): TrainingExample {
  const { inputWidth, inputHeight } = architecture;
  const out = new Uint8Array(frame.length);
  for (let row = 0; row < inputHeight; row++) {
    for (let column = 0; column < inputWidth; column++) {
      const from = (row * inputWidth + column) * 3;
      const to = (row * inputWidth + inputWidth - 1 - column) * 3;
      out[to] = frame[from]!;
      out[to + 1] = frame[from + 1]!;
      out[to + 2] = frame[from + 2]!;
    }
  }
  return {
    frame: out,
    objects: objects.map((object) => {
      const [left, top, right, bottom] = object.box;
      return { ...object, box: [inputWidth - right, top, inputWidth - left, bottom] };
    }),
  };
}

/** Position of a category in the tensors. */
export function categoryIndex(category: ObjectCategory): number {
  return OBJECT_CATEGORIES.indexOf(category);
}
