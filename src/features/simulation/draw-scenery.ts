/** Draws what lies behind the hardware: sky, field or forest, and a lattice tower with its arm. */
import type { Random } from '../../core/statistics/random.ts';
import { between, css, integerBetween, pick, vary, type Colour } from './choose-random.ts';
import { n, type Point } from './picture-geometry.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const SKIES: [Colour, ...Colour[]] = [
  [84, 138, 200],
  [150, 178, 206],
  [188, 192, 196],
  [206, 176, 148],
];
const FIELDS: [Colour, ...Colour[]] = [
  [104, 132, 62],
  [168, 150, 88],
  [122, 96, 66],
  [88, 118, 70],
];
const FORESTS: [Colour, ...Colour[]] = [
  [48, 76, 44],
  [66, 88, 46],
  [92, 84, 46],
];
const STEEL: Colour = [124, 128, 130];

export function drawBackground(random: Random, size: PictureSize): string {
  const scene = pick(random, ['sky', 'field', 'forest', 'horizon'] as const);
  switch (scene) {
    case 'sky':
      return drawSky(random, size);
    case 'field':
      return drawField(random, size, 0);
    case 'forest':
      return drawForest(random, size, 0);
    case 'horizon': {
      const horizon = size.height * between(random, 0.3, 0.75);
      const ground = random.uniform() < 0.5 ? drawField : drawForest;
      return drawSky(random, size) + ground(random, size, horizon);
    }
  }
}

function drawSky(random: Random, { width, height }: PictureSize): string {
  const colour = vary(random, pick(random, SKIES), 14);
  const clouds = Array.from({ length: integerBetween(random, 0, 9) }, () => {
    const [x, y] = [between(random, 0, width), between(random, 0, height)];
    return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(between(random, 80, 320))}" ry="${n(between(random, 24, 90))}" fill="url(#cloud)"/>`;
  });
  return (
    `<linearGradient id="sky" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${css(colour, 0.85)}"/><stop offset="1" stop-color="${css(colour, 1.15)}"/></linearGradient>` +
    `<radialGradient id="cloud"><stop offset="0" stop-color="white" stop-opacity="0.7"/><stop offset="1" stop-color="white" stop-opacity="0"/></radialGradient>` +
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>${clouds.join('')}`
  );
}

/** Furrows and patches of other crops, seen from above at a slant. */
function drawField(random: Random, { width, height }: PictureSize, top: number): string {
  const colour = vary(random, pick(random, FIELDS), 12);
  const slant = between(random, -0.6, 0.6);
  const parts = [`<rect y="${n(top)}" width="${width}" height="${n(height - top)}" fill="${css(colour)}"/>`];
  for (let patch = integerBetween(random, 2, 6); patch > 0; patch--) {
    const [x, y] = [between(random, -200, width), between(random, top, height)];
    const [w, h] = [between(random, 150, 600), between(random, 40, 240)];
    const lean = slant * h;
    parts.push(
      `<polygon points="${n(x)},${n(y)} ${n(x + w)},${n(y)} ${n(x + w + lean)},${n(y + h)} ${n(x + lean)},${n(y + h)}" fill="${css(vary(random, colour, 16))}"/>`,
    );
  }
  const furrow = between(random, 14, 46);
  const opacity = between(random, 0.05, 0.3).toFixed(2);
  for (let x = -height; x < width + height; x += furrow) {
    parts.push(
      `<line x1="${n(x)}" y1="${n(top)}" x2="${n(x + slant * (height - top))}" y2="${height}" stroke="${css(colour, 0.6)}" stroke-opacity="${opacity}" stroke-width="${n(furrow * 0.3)}"/>`,
    );
  }
  return parts.join('');
}

/** Crowns, lit from one side, drawn from far to near. */
function drawForest(random: Random, { width, height }: PictureSize, top: number): string {
  const colour = vary(random, pick(random, FORESTS), 8);
  const parts = [
    `<rect y="${n(top)}" width="${width}" height="${n(height - top)}" fill="${css(colour, 0.7)}"/>`,
  ];
  const crowns = 170;
  for (let crown = 0; crown < crowns; crown++) {
    const depth = crown / crowns;
    const [x, y] = [
      between(random, -40, width + 40),
      top + depth * (height - top) + between(random, -20, 20),
    ];
    const radius = between(random, 22, 40) * (0.7 + 0.9 * depth);
    const tint = vary(random, colour, 9);
    parts.push(
      `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(radius)}" ry="${n(radius * 0.85)}" fill="${css(tint, 0.9)}"/>` +
        `<ellipse cx="${n(x - radius * 0.25)}" cy="${n(y - radius * 0.3)}" rx="${n(radius * 0.55)}" ry="${n(radius * 0.45)}" fill="${css(tint, 1.25)}" fill-opacity="0.6"/>`,
    );
  }
  return parts.join('');
}

export interface TowerPlan {
  /** Middle of the mast, px. */
  readonly x: number;
  readonly mastWidth: number;
  /** Height of the arm in the picture and where it ends. */
  readonly armY: number;
  readonly armTip: Point;
  /** 1 when the arm reaches to the right, -1 to the left. */
  readonly direction: 1 | -1;
}

export function planTower(random: Random, { width, height }: PictureSize): TowerPlan {
  const direction = random.uniform() < 0.5 ? 1 : -1;
  const fromEdge = between(random, 0.02, 0.16) * width;
  const x = direction === 1 ? fromEdge : width - fromEdge;
  const armY = between(random, 0.1, 0.3) * height;
  const reach = between(random, 0.5, 0.66) * width;
  return {
    x,
    mastWidth: between(random, 70, 130),
    armY,
    armTip: { x: x + direction * reach, y: armY + between(random, -20, 20) },
    direction,
  };
}

export function drawTower(random: Random, plan: TowerPlan, { height }: PictureSize): string {
  const steel = vary(random, STEEL, 16);
  const half = plan.mastWidth / 2;
  const bay = plan.mastWidth * between(random, 0.8, 1.2);
  const bars: string[] = [];
  const bar = (x1: number, y1: number, x2: number, y2: number, weight: number, light: number): void => {
    bars.push(
      `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${css(steel, light)}" stroke-width="${n(weight)}"/>`,
    );
  };
  for (let y = -bay; y < height; y += bay) {
    bar(plan.x - half, y, plan.x + half, y + bay, 5, 0.75);
    bar(plan.x + half, y, plan.x - half, y + bay, 5, 0.9);
    bar(plan.x - half, y, plan.x + half, y, 4, 0.8);
  }
  bar(plan.x - half, 0, plan.x - half, height, 10, 0.8);
  bar(plan.x + half, 0, plan.x + half, height, 10, 1.1);
  // The arm: upper chord slopes to the tip, lower chord carries the strings.
  const [tip, rise] = [plan.armTip, 80];
  const bays = 8;
  for (let step = 0; step < bays; step++) {
    const [from, to] = [step / bays, (step + 1) / bays];
    const at = (share: number): number => plan.x + (tip.x - plan.x) * share;
    const lower = (share: number): number => plan.armY + (tip.y - plan.armY) * share;
    bar(at(from), lower(from) - rise * (1 - from), at(to), lower(to), 4, 0.85);
    bar(at(to), lower(to) - rise * (1 - to), at(to), lower(to), 3, 0.8);
  }
  bar(plan.x, plan.armY - rise, tip.x, tip.y, 8, 0.95);
  bar(plan.x, plan.armY, tip.x, tip.y, 9, 1.1);
  return bars.join('');
}
