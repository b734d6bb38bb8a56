/** Draws a compression joint on a conductor, sound or overheated: discoloured, burnt and bulged. */
import type { Random } from '../../core/statistics/random.ts';
import { between, blend, css, integerBetween, pick, vary, type Colour } from './choose-random.ts';
import type { Drawing } from './draw-insulator.ts';
import { boundPlaced, n, transformOf, type PixelBox, type Placement } from './picture-geometry.ts';

export interface JointShape {
  /** Length and thickness of the sleeve, px. */
  readonly length: number;
  readonly thickness: number;
}

const ALUMINIUM: Colour = [172, 175, 178];
const WEATHERED: Colour = [128, 130, 130];
const RUST: Colour = [136, 72, 34];
const SOOT: Colour = [38, 32, 30];
const STRAW: Colour = [166, 128, 62];

/** Growth of the sleeve's middle when it fails, in thicknesses; the box leaves room for it either way. */
const LARGEST_BULGE = 0.4;

export function chooseJointShape(random: Random): JointShape {
  return { length: between(random, 130, 230), thickness: between(random, 26, 42) };
}

/** Centred on the placement's start. */
export function boundJoint({ length, thickness }: JointShape, placement: Placement): PixelBox {
  const [end, side] = [length / 2, (thickness / 2) * (1 + LARGEST_BULGE / 2)];
  return boundPlaced(placement, [
    [-end, -side],
    [-end, side],
    [end, -side],
    [end, side],
  ]);
}

export function drawJoint(
  random: Random,
  shape: JointShape,
  placement: Placement,
  failing: boolean,
): Drawing {
  const metal = vary(random, pick(random, [ALUMINIUM, ALUMINIUM, WEATHERED]), 10);
  const heat = pick(random, [RUST, SOOT, STRAW]);
  const severity = between(random, 0.65, 1);
  const bulge = failing ? LARGEST_BULGE * severity : 0;
  const id = `sleeve${Math.floor(random.uniform() * 1e9)}`;
  const body = outline(shape, bulge);
  const burnt = failing ? drawBurns(random, shape, heat, severity, id) : '';
  return {
    svg:
      `<g transform="${transformOf(placement)}">${shading(id, failing ? blend(metal, heat, 0.45 * severity) : metal)}` +
      `<clipPath id="${id}c"><path d="${body}"/></clipPath>` +
      `<path d="${body}" fill="url(#${id})" stroke="${css(metal, 0.45)}" stroke-width="1.5"/>` +
      `<g clip-path="url(#${id}c)">${drawPresses(random, shape, bulge)}${drawDirt(random, shape)}${burnt}</g></g>`,
    box: boundJoint(shape, placement),
    defectBox: failing ? boundJoint(shape, placement) : null,
  };
}

/** Tapered at both ends, swollen in the middle by `bulge`. */
function outline({ length, thickness }: JointShape, bulge: number): string {
  const [end, side] = [length / 2, thickness / 2];
  const taper = length * 0.09;
  const swollen = side * (1 + 2 * bulge);
  const upper = `M ${n(-end)} ${n(-side * 0.5)} L ${n(-end + taper)} ${n(-side)} Q 0 ${n(-swollen)} ${n(end - taper)} ${n(-side)} L ${n(end)} ${n(-side * 0.5)}`;
  const lower = `L ${n(end)} ${n(side * 0.5)} L ${n(end - taper)} ${n(side)} Q 0 ${n(swollen)} ${n(-end + taper)} ${n(side)} L ${n(-end)} ${n(side * 0.5)} Z`;
  return `${upper} ${lower}`;
}

function shading(id: string, colour: Colour): string {
  return (
    `<linearGradient id="${id}" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${css(colour, 0.85)}"/>` +
    `<stop offset="0.3" stop-color="${css(colour, 1.25)}"/><stop offset="1" stop-color="${css(colour, 0.5)}"/></linearGradient>`
  );
}

/** Marks of the press, evenly spaced on both halves. */
function drawPresses(random: Random, { length, thickness }: JointShape, bulge: number): string {
  const count = integerBetween(random, 3, 6);
  const reach = thickness * (0.5 + bulge);
  return Array.from({ length: 2 * count }, (_, press) => {
    const x = (press < count ? -1 : 1) * length * (0.1 + (0.3 * (press % count)) / count);
    return `<rect x="${n(x)}" y="${n(-reach)}" width="2.5" height="${n(2 * reach)}" fill="rgb(60,62,64)" fill-opacity="0.45"/>`;
  }).join('');
}

/** Bird lime and grime sit on sound joints too: small, pale or faint. */
function drawDirt(random: Random, { length, thickness }: JointShape): string {
  const spots = integerBetween(random, 0, 3);
  return Array.from({ length: spots }, () => {
    const pale = random.uniform() < 0.5;
    const x = between(random, -0.45, 0.45) * length;
    const y = between(random, -0.4, 0.3) * thickness;
    return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(between(random, 2, 7))}" ry="${n(between(random, 2, 6))}" fill="${pale ? 'rgb(228,228,220)' : 'rgb(84,80,74)'}" fill-opacity="0.5"/>`;
  }).join('');
}

/** Heat colours around the hottest place, then soot spots. */
function drawBurns(
  random: Random,
  { length, thickness }: JointShape,
  heat: Colour,
  severity: number,
  id: string,
): string {
  const x = between(random, -0.2, 0.2) * length;
  const glow =
    `<radialGradient id="${id}b"><stop offset="0" stop-color="${css(SOOT)}" stop-opacity="${(0.95 * severity).toFixed(2)}"/>` +
    `<stop offset="0.45" stop-color="${css(heat)}" stop-opacity="${(0.85 * severity).toFixed(2)}"/>` +
    `<stop offset="1" stop-color="${css(heat)}" stop-opacity="0"/></radialGradient>` +
    `<ellipse cx="${n(x)}" cy="0" rx="${n(length * 0.4 * severity)}" ry="${n(thickness * 1.3)}" fill="url(#${id}b)"/>`;
  const spots = Array.from({ length: integerBetween(random, 2, 6) }, () => {
    const [sx, sy] = [x + between(random, -0.25, 0.25) * length, between(random, -0.5, 0.5) * thickness];
    return `<ellipse cx="${n(sx)}" cy="${n(sy)}" rx="${n(between(random, 4, 14))}" ry="${n(between(random, 3, 9))}" fill="${css(SOOT)}" fill-opacity="0.7"/>`;
  });
  return glow + spots.join('');
}
