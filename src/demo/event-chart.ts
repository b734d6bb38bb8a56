/** Draws one channel of a sensor as SVG: measured against what weather and load explain, and when the event opened. */

export interface ChartPoint {
  readonly observedAt: Date;
  readonly observed: number | null;
  readonly lower: number;
  readonly upper: number;
}

export interface ChartMark {
  readonly at: Date;
  readonly text: string;
  readonly colour: string;
}

const WIDTH = 960;
const HEIGHT = 380;
const PLOT = { left: 70, right: 20, top: 50, bottom: 40 };
/** Blue and vermilion of the Okabe-Ito palette, told apart by colour-blind people too. */
const COLOUR = { band: '#56b4e9', measured: '#1b1b1b', text: '#333333', grid: '#dddddd', ground: '#ffffff' };

/** @param points in order of time, at least two */
export function drawEventChart(
  title: string,
  unit: string,
  points: readonly ChartPoint[],
  marks: readonly ChartMark[],
): string {
  const times = points.map((point) => point.observedAt.getTime());
  const values = points.flatMap(({ observed, lower, upper }) =>
    observed === null ? [lower, upper] : [observed, lower, upper],
  );
  const [from = 0, to = 1] = [times[0], times.at(-1)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (time: number) => PLOT.left + ((time - from) / (to - from)) * (WIDTH - PLOT.left - PLOT.right);
  const y = (value: number) =>
    HEIGHT - PLOT.bottom - ((value - low) / (high - low)) * (HEIGHT - PLOT.top - PLOT.bottom);
  const place = (point: ChartPoint, value: number) =>
    `${x(point.observedAt.getTime()).toFixed(1)},${y(value).toFixed(1)}`;
  const band = [
    ...points.map((p) => place(p, p.upper)),
    ...points.toReversed().map((p) => place(p, p.lower)),
  ].join(' ');
  const measured = points.flatMap((p) => (p.observed === null ? [] : [place(p, p.observed)])).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOUR.ground}"/>`,
    `<text x="${PLOT.left}" y="24" font-size="16" fill="${COLOUR.text}">${title}</text>`,
    ...valueTicks(low, high).map(
      (value) =>
        `<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${y(value)}" y2="${y(value)}" stroke="${COLOUR.grid}"/>` +
        `<text x="${PLOT.left - 8}" y="${y(value) + 4}" text-anchor="end" fill="${COLOUR.text}">${value.toPrecision(3)}</text>`,
    ),
    `<text x="${PLOT.left - 8}" y="${PLOT.top - 8}" text-anchor="end" fill="${COLOUR.text}">${unit}</text>`,
    ...dayTicks(from, to).map(
      (time) =>
        `<text x="${x(time)}" y="${HEIGHT - 14}" text-anchor="middle" fill="${COLOUR.text}">${new Date(time).toISOString().slice(5, 10)}</text>`,
    ),
    `<polygon points="${band}" fill="${COLOUR.band}" fill-opacity="0.55"/>`,
    `<polyline points="${measured}" fill="none" stroke="${COLOUR.measured}" stroke-width="1"/>`,
    ...marks.map(({ at, text, colour }, index) => {
      const position = x(at.getTime());
      const height = PLOT.top + 2 + index * 18;
      return (
        `<line x1="${position}" x2="${position}" y1="${PLOT.top}" y2="${HEIGHT - PLOT.bottom}" stroke="${colour}" stroke-width="2"/>` +
        `<text x="${position + 6}" y="${height + 10}" fill="${colour}">${text}</text>`
      );
    }),
    '</svg>',
    '',
  ].join('\n');
}

const VALUE_TICKS = 5;
const DAY_MS = 86_400_000;

function valueTicks(low: number, high: number): number[] {
  return Array.from({ length: VALUE_TICKS }, (_, index) => low + ((high - low) * index) / (VALUE_TICKS - 1));
}

function dayTicks(from: number, to: number): number[] {
  const first = Math.ceil(from / DAY_MS) * DAY_MS;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / DAY_MS) + 1) },
    (_, index) => first + index * DAY_MS,
  );
}
