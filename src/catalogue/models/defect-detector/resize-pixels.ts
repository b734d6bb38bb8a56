/** Scales pictures: down by the exact mean of the pixels covered, up by straight lines between them. */

export interface Pixels {
  /** RGB, row by row. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Which source pixels make one pixel: `weights` sum to 1 and belong to `first` and those after it. */
interface Span {
  readonly first: number;
  readonly weights: Float32Array;
}

export function resizePixels({ data, width, height }: Pixels, toWidth: number, toHeight: number): Pixels {
  if (width === toWidth && height === toHeight) return { data, width, height };
  const columns = spans(width, toWidth);
  const scaled = new Uint8Array(toHeight * toWidth * 3);
  const line = width * 3;
  const low = new Float32Array(line); // one row, scaled down the picture but not yet across
  let out = 0;
  for (const { first, weights } of spans(height, toHeight)) {
    low.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      const from = (first + i) * line;
      for (let x = 0; x < line; x++) low[x]! += weight * data[from + x]!;
    }
    for (const column of columns) {
      let at = column.first * 3;
      let [red, green, blue] = [0.5, 0.5, 0.5]; // to nearest when cut to whole numbers
      for (let i = 0; i < column.weights.length; i++, at += 3) {
        const weight = column.weights[i]!;
        red += weight * low[at]!;
        green += weight * low[at + 1]!;
        blue += weight * low[at + 2]!;
      }
      scaled[out++] = red;
      scaled[out++] = green;
      scaled[out++] = blue;
    }
  }
  return { data: scaled, width: toWidth, height: toHeight };
}

function spans(extent: number, count: number): Span[] {
  const step = extent / count;
  return Array.from({ length: count }, (_, i) =>
    step > 1 ? cover(i, step, extent) : between(i, step, extent),
  );
}

/** Pixels under [i, i + 1) * step, the outer ones in part. */
function cover(i: number, step: number, extent: number): Span {
  const [from, to] = [i * step, Math.min(extent, (i + 1) * step)];
  const first = Math.floor(from);
  const last = Math.min(extent - 1, Math.ceil(to) - 1);
  const weights = Float32Array.from({ length: last - first + 1 }, (_, k) => {
    const pixel = first + k;
    return (Math.min(to, pixel + 1) - Math.max(from, pixel)) / step;
  });
  return { first, weights };
}

/** The two pixels whose middles lie on either side; at the edge the one that is there. */
function between(i: number, step: number, extent: number): Span {
  const middle = Math.max(0, Math.min(extent - 1, (i + 0.5) * step - 0.5));
  const first = Math.min(Math.floor(middle), Math.max(0, extent - 2));
  const rest = middle - first;
  return { first, weights: extent === 1 ? Float32Array.of(1) : Float32Array.of(1 - rest, rest) };
}
