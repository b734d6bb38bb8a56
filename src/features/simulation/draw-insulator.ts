/** Draws one insulator string, sound or with discs missing or broken off. */
import type { Random } from '../../core/statistics/random.ts';
import { between, css, integerBetween, pick, vary, type Colour } from './choose-random.ts';
import { boundPlaced, n, transformOf, type PixelBox, type Placement } from './picture-geometry.ts';

export interface InsulatorShape {
  /** Half the width of a disc, px. */
  readonly discRadius: number;
  /** From disc to disc along the string, px. */
  readonly spacing: number;
  readonly discs: number;
  /** Metal fitting at either end, px. */
  readonly fitting: number;
}

export interface Drawing {
  readonly svg: string;
  readonly box: PixelBox;
  /** Where the defect shows, if there is one. */
  readonly defectBox: PixelBox | null;
}

const PORCELAIN_BROWN: Colour = [118, 62, 42];
const PORCELAIN_WHITE: Colour = [206, 204, 196];
const GLASS_GREEN: Colour = [128, 176, 164];
const POLYMER_RED: Colour = [168, 66, 56];
const POLYMER_GREY: Colour = [128, 136, 146];
const STEEL: Colour = [112, 114, 116];

export function chooseInsulatorShape(random: Random): InsulatorShape {
  const discRadius = between(random, 30, 52);
  return {
    discRadius,
    spacing: discRadius * between(random, 0.7, 0.9),
    discs: integerBetween(random, 7, 11),
    fitting: discRadius * between(random, 0.5, 0.9),
  };
}

export function insulatorLength(shape: InsulatorShape): number {
  return shape.discs * shape.spacing + 2 * shape.fitting;
}

export function boundInsulator(shape: InsulatorShape, placement: Placement): PixelBox {
  const length = insulatorLength(shape);
  const { discRadius, fitting } = shape;
  return boundPlaced(placement, [
    [fitting, -discRadius],
    [fitting, discRadius],
    [length - fitting, -discRadius],
    [length - fitting, discRadius],
    [0, 0],
    [length, 0],
  ]);
}

/** The same random draws are made whether broken or not, so that only the defect tells the two apart. */
export function drawInsulator(
  random: Random,
  shape: InsulatorShape,
  placement: Placement,
  broken: boolean,
): Drawing {
  const material = vary(
    random,
    pick(random, [PORCELAIN_BROWN, PORCELAIN_WHITE, GLASS_GREEN, POLYMER_RED, POLYMER_GREY]),
    10,
  );
  const lost = chooseLostDiscs(random, shape.discs);
  const id = `disc${Math.floor(random.uniform() * 1e9)}`;
  const parts = [shading(random, id, material), drawCore(shape, random)];
  for (let disc = 0; disc < shape.discs; disc++) {
    const centre = shape.fitting + (disc + 0.5) * shape.spacing;
    const soiling = between(random, 0.88, 1.08);
    const stump = drawStump(random, shape, centre, material);
    if (broken && lost.has(disc)) {
      if (lost.get(disc) === 'broken') parts.push(stump);
      continue;
    }
    parts.push(drawDisc(shape, centre, id, css(material, 0.45), soiling));
  }
  return {
    svg: `<g transform="${transformOf(placement)}">${parts.join('')}</g>`,
    box: boundInsulator(shape, placement),
    defectBox: broken ? boundLostDiscs(shape, placement, [...lost.keys()]) : null,
  };
}

/** The gap where the discs were, with the disc on either side of it: as the public insulator set marks defects. */
function boundLostDiscs(
  { fitting, spacing, discRadius }: InsulatorShape,
  placement: Placement,
  lost: readonly number[],
): PixelBox {
  const from = fitting + (Math.min(...lost) - 1) * spacing;
  const to = fitting + (Math.max(...lost) + 2) * spacing;
  return boundPlaced(placement, [
    [from, -discRadius],
    [from, discRadius],
    [to, -discRadius],
    [to, discRadius],
  ]);
}

/** One to three neighbours, none at the ends, where a gap would look like a longer fitting. */
function chooseLostDiscs(random: Random, discs: number): ReadonlyMap<number, 'missing' | 'broken'> {
  const count = integerBetween(random, 1, 3);
  const first = integerBetween(random, 1, discs - count - 1);
  const lost = new Map<number, 'missing' | 'broken'>();
  for (let disc = first; disc < first + count; disc++) {
    lost.set(disc, random.uniform() < 0.6 ? 'missing' : 'broken');
  }
  return lost;
}

/** Light falls across the string: one edge bright, the other dark. */
function shading(random: Random, id: string, material: Colour): string {
  const [near, far] = random.uniform() < 0.5 ? [0, 1] : [1, 0];
  return (
    `<linearGradient id="${id}" x1="0" x2="0" y1="${near}" y2="${far}">` +
    `<stop offset="0" stop-color="${css(material, 0.55)}"/>` +
    `<stop offset="0.35" stop-color="${css(material, 1.05)}"/>` +
    `<stop offset="0.6" stop-color="${css(material, 1.35)}"/>` +
    `<stop offset="1" stop-color="${css(material, 0.7)}"/></linearGradient>`
  );
}

/** Pins and caps that hold the discs; what is left to see where a disc is gone. */
function drawCore(shape: InsulatorShape, random: Random): string {
  const length = insulatorLength(shape);
  const steel = vary(random, STEEL, 14);
  const pin = shape.discRadius * 0.13;
  const cap = shape.discRadius * 0.3;
  const caps = [0, length - shape.fitting].map(
    (start) =>
      `<rect x="${n(start)}" y="${n(-cap)}" width="${n(shape.fitting)}" height="${n(2 * cap)}" rx="${n(cap * 0.5)}" fill="${css(steel, 0.9)}"/>`,
  );
  return `<rect x="0" y="${n(-pin)}" width="${n(length)}" height="${n(2 * pin)}" fill="${css(steel, 0.75)}"/>${caps.join('')}`;
}

/** A shed seen nearly edge-on, with the cap of the next one on it. */
function drawDisc(
  shape: InsulatorShape,
  centre: number,
  gradient: string,
  edge: string,
  soiling: number,
): string {
  const [half, radius] = [shape.spacing * 0.36, shape.discRadius];
  const opacity = soiling < 1 ? (1 - soiling) * 2 : 0;
  const outline = `cx="${n(centre)}" cy="0" rx="${n(half)}" ry="${n(radius)}"`;
  const cap = `<ellipse cx="${n(centre + half * 0.6)}" cy="0" rx="${n(half * 0.7)}" ry="${n(radius * 0.36)}" fill="${edge}" fill-opacity="0.55"/>`;
  return (
    `<ellipse ${outline} fill="url(#${gradient})" stroke="${edge}" stroke-width="${n(radius * 0.05)}"/>` +
    `${cap}<ellipse ${outline} fill="rgb(40,34,28)" fill-opacity="${opacity.toFixed(2)}"/>`
  );
}

/** A ragged rest around the pin, on one side of it. */
function drawStump(random: Random, shape: InsulatorShape, centre: number, material: Colour): string {
  const side = random.uniform() < 0.5 ? 1 : -1;
  const half = shape.spacing * 0.34;
  const points = [-1, -0.5, 0, 0.5, 1].map(
    (share) => `${n(centre + share * half)},${n(side * shape.discRadius * between(random, 0.2, 0.4))}`,
  );
  const foot = `${n(centre + half)},${n(-side * shape.discRadius * 0.12)} ${n(centre - half)},${n(-side * shape.discRadius * 0.12)}`;
  return `<polygon points="${points.join(' ')} ${foot}" fill="${css(material, 0.8)}"/>`;
}
