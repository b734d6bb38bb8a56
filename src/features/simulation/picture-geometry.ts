/** Points, boxes and number formatting that the drawings of a photograph share. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left, top, width, height in pixels. */
export type PixelBox = readonly [number, number, number, number];

/** Where a part lies: `start` is its origin, its own x axis points along `angle` (radians, clockwise on screen). */
export interface Placement {
  readonly start: Point;
  readonly angle: number;
}

export function along(placement: Placement, distance: number, sideways = 0): Point {
  const [cos, sin] = [Math.cos(placement.angle), Math.sin(placement.angle)];
  return {
    x: placement.start.x + distance * cos - sideways * sin,
    y: placement.start.y + distance * sin + sideways * cos,
  };
}

/** Upright box around points given as [distance along, sideways] of a placement. */
export function boundPlaced(placement: Placement, outline: readonly (readonly [number, number])[]): PixelBox {
  const points = outline.map(([distance, sideways]) => along(placement, distance, sideways));
  const [left, right] = extremes(points.map((point) => point.x));
  const [top, bottom] = extremes(points.map((point) => point.y));
  return [round(left), round(top), round(right - left), round(bottom - top)];
}

export function overlap(a: PixelBox, b: PixelBox, gap = 0): boolean {
  return (
    a[0] < b[0] + b[2] + gap &&
    b[0] < a[0] + a[2] + gap &&
    a[1] < b[1] + b[3] + gap &&
    b[1] < a[1] + a[3] + gap
  );
}

/** SVG transform of a placement. */
export function transformOf({ start, angle }: Placement): string {
  return `translate(${n(start.x)} ${n(start.y)}) rotate(${n((angle * 180) / Math.PI)})`;
}

/** A tenth of a pixel is enough, and short numbers keep the picture the same on every machine. */
export function n(value: number): string {
  return String(round(value));
}

function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

function extremes(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
