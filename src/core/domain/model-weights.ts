/** Lays named weights out in one block of bytes, as `weights.bin` holds them, and finds them there again. */
import { BadInput } from './failure.ts';
import type { WeightEntry } from './model-artifact.ts';

export interface NamedWeight {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export type NamedWeights = Readonly<Record<string, NamedWeight>>;

export interface PackedWeights {
  readonly entries: readonly WeightEntry[];
  readonly bytes: Uint8Array;
}

const BYTES_PER_VALUE = 4;

/** Sorted by name, so that equal weights give equal bytes whatever order they were made in. */
export function packWeights(weights: NamedWeights): PackedWeights {
  const names = Object.keys(weights).sort();
  const total = names.reduce((sum, name) => sum + (weights[name]?.values.length ?? 0), 0);
  const bytes = new Uint8Array(total * BYTES_PER_VALUE);
  const view = new DataView(bytes.buffer);
  const entries: WeightEntry[] = [];
  let byteOffset = 0;
  for (const name of names) {
    const { shape, values } = weights[name]!;
    if (values.length !== count(shape)) {
      throw new BadInput(
        'weights-shape',
        `Weight ${name} has ${values.length} values where its shape [${shape.join(', ')}] needs ${count(shape)}.`,
      );
    }
    entries.push({ name, shape: [...shape], byteOffset });
    for (const value of values) {
      view.setFloat32(byteOffset, value, true);
      byteOffset += BYTES_PER_VALUE;
    }
  }
  return { entries, bytes };
}

/** The values are copies: they neither keep nor share the block. */
export function unpackWeights(packed: PackedWeights): Record<string, NamedWeight> {
  const { entries, bytes } = packed;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights: Record<string, NamedWeight> = {};
  for (const { name, shape, byteOffset } of entries) {
    if (Object.hasOwn(weights, name)) throw new BadInput('weights-shape', `Weight ${name} is listed twice.`);
    const end = byteOffset + count(shape) * BYTES_PER_VALUE;
    if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || !(end <= bytes.byteLength)) {
      throw new BadInput(
        'weights-shape',
        `Weight ${name} lies at bytes ${byteOffset} to ${end} of a block of ${bytes.byteLength} bytes.`,
      );
    }
    const values = new Float32Array(count(shape));
    for (let i = 0; i < values.length; i++) {
      values[i] = view.getFloat32(byteOffset + i * BYTES_PER_VALUE, true);
    }
    weights[name] = { shape: [...shape], values };
  }
  return weights;
}

/** Refuses weights that differ from what a model expects, naming the first difference. */
export function requireShapes(
  entries: readonly WeightEntry[],
  expected: Readonly<Record<string, readonly number[]>>,
): void {
  const given = new Map(entries.map((entry) => [entry.name, entry.shape]));
  for (const [name, shape] of Object.entries(expected)) {
    const found = given.get(name);
    if (found === undefined) throw new BadInput('weights-shape', `Weight ${name} is missing.`);
    if (found.join() !== shape.join()) {
      throw new BadInput(
        'weights-shape',
        `Weight ${name} has shape [${found.join(', ')}] where [${shape.join(', ')}] is expected.`,
      );
    }
    given.delete(name);
  }
  const [extra] = given.keys();
  if (extra !== undefined) throw new BadInput('weights-shape', `Weight ${extra} is not known to this model.`);
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
