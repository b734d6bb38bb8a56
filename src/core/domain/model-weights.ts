/** Lays named weights out in one block of bytes, as `weights.bin` holds them, and finds them there again. */
import { BadInput } from './failure.ts';
import { float16Values, writeFloat16 } from './float16.ts';
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

type Precision = NonNullable<WeightEntry['precision']>;

interface Encoding {
  readonly bytesPerValue: number;
  readonly read: (view: DataView, offset: number, count: number) => Float32Array;
  readonly write: (view: DataView, offset: number, values: Float32Array) => void;
}

const ENCODINGS: Readonly<Record<Precision, Encoding>> = {
  float32: {
    bytesPerValue: 4,
    read: (view, offset, count) => {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + 4 * i, true);
      return values;
    },
    write: (view, offset, values) => {
      for (let i = 0; i < values.length; i++) view.setFloat32(offset + 4 * i, values[i]!, true);
    },
  },
  float16: {
    bytesPerValue: 2,
    read: (view, offset, count) => {
      const table = float16Values();
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = table[view.getUint16(offset + 2 * i, true)]!;
      return values;
    },
    write: (view, offset, values) => {
      for (let i = 0; i < values.length; i++) view.setUint16(offset + 2 * i, writeFloat16(values[i]!), true);
    },
  },
};

/**
 * Sorted by name, so that equal weights give equal bytes whatever order they were made in.
 *
 * @param precision float16 halves the file and keeps three digits; values beyond ±65,504 become infinite
 */
export function packWeights(weights: NamedWeights, precision: Precision = 'float32'): PackedWeights {
  const { bytesPerValue, write } = ENCODINGS[precision];
  const names = Object.keys(weights).sort();
  const total = names.reduce((sum, name) => sum + (weights[name]?.values.length ?? 0), 0);
  const bytes = new Uint8Array(total * bytesPerValue);
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
    entries.push({ name, shape: [...shape], byteOffset, ...(precision === 'float32' ? {} : { precision }) });
    write(view, byteOffset, values);
    byteOffset += values.length * bytesPerValue;
  }
  return { entries, bytes };
}

/** The values are copies: they neither keep nor share the block. */
export function unpackWeights(packed: PackedWeights): Record<string, NamedWeight> {
  const { entries, bytes } = packed;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights: Record<string, NamedWeight> = {};
  for (const { name, shape, byteOffset, precision = 'float32' } of entries) {
    const { bytesPerValue, read } = ENCODINGS[precision];
    if (Object.hasOwn(weights, name)) throw new BadInput('weights-shape', `Weight ${name} is listed twice.`);
    const end = byteOffset + count(shape) * bytesPerValue;
    if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || !(end <= bytes.byteLength)) {
      throw new BadInput(
        'weights-shape',
        `Weight ${name} lies at bytes ${byteOffset} to ${end} of a block of ${bytes.byteLength} bytes.`,
      );
    }
    const values = read(view, byteOffset, count(shape));
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

export function requireFinite(packed: PackedWeights): void {
  for (const [name, { values }] of Object.entries(unpackWeights(packed))) {
    if (values.every(Number.isFinite)) continue;
    throw new BadInput('weights-not-finite', `Weight ${name} holds values that are not finite numbers.`);
  }
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
