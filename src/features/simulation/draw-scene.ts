/** Composes one look at a tower as an SVG: scenery, conductors, insulator strings, and one joint. */
import type { Random } from '../../core/statistics/random.ts';
import { between, css, integerBetween, vary, type Colour } from './choose-random.ts';
import {
  boundInsulator,
  chooseInsulatorShape,
  drawInsulator,
  insulatorLength,
  type InsulatorShape,
} from './draw-insulator.ts';
import { boundJoint, chooseJointShape, drawJoint, type JointShape } from './draw-joint.ts';
import { drawBackground, drawTower, planTower, type PictureSize, type TowerPlan } from './draw-scenery.ts';
import { along, n, overlap, type PixelBox, type Placement, type Point } from './picture-geometry.ts';

export interface RenderedObject {
  readonly category: 'insulator' | 'joint';
  readonly defect: null | 'broken_insulator' | 'failing_joint';
  /** Pixels. */
  readonly bbox: PixelBox;
  /** Where the defect shows; a failing joint fails as a whole. */
  readonly defectBbox: PixelBox | null;
}

export interface Scene {
  readonly svg: string;
  readonly objects: readonly RenderedObject[];
}

export interface WantedDefects {
  readonly insulatorDefect: boolean;
  readonly jointDefect: boolean;
}

interface Placed<Shape> {
  readonly shape: Shape;
  readonly placement: Placement;
  readonly box: PixelBox;
}

/** Objects keep this far from the edge and from one another, px. */
const MARGIN = 8;
const GAP = 10;
const TRIES = 80;
const CONDUCTOR: Colour = [96, 98, 100];
const DEGREE = Math.PI / 180;

/** Where things lie does not depend on the defects wanted: the same seed shows the same tower. */
export function drawScene(random: Random, size: PictureSize, wanted: WantedDefects): Scene {
  const tower = planTower(random.fork('tower'), size);
  const strings = placeStrings(random.fork('strings'), size, tower);
  const joint = placeJoint(random.fork('joint'), size, strings);
  const brokenString = integerBetween(random.fork('broken'), 0, strings.length - 1);

  const wires = random.fork('wires');
  const parts = [drawBackground(random.fork('background'), size), drawLooseConductors(wires, size)];
  const weight = joint.shape.thickness * between(wires, 0.42, 0.55);
  parts.push(
    drawConductor(
      wires,
      along(joint.placement, -2 * size.width),
      along(joint.placement, 2 * size.width),
      weight,
    ),
  );
  parts.push(drawTower(random.fork('lattice'), tower, size));
  const objects: RenderedObject[] = [];
  strings.forEach(({ shape, placement }, index) => {
    const end = along(placement, insulatorLength(shape) - 4);
    parts.push(drawConductor(wires, end, leavesPicture(wires, end, tower, size), shape.discRadius * 0.3));
    const broken = wanted.insulatorDefect && index === brokenString;
    const { svg, box, defectBox } = drawInsulator(random.fork(`string ${index}`), shape, placement, broken);
    parts.push(svg);
    objects.push({
      category: 'insulator',
      defect: broken ? 'broken_insulator' : null,
      bbox: box,
      defectBbox: defectBox,
    });
  });
  const sleeve = drawJoint(random.fork('sleeve'), joint.shape, joint.placement, wanted.jointDefect);
  parts.push(sleeve.svg);
  objects.push({
    category: 'joint',
    defect: wanted.jointDefect ? 'failing_joint' : null,
    bbox: sleeve.box,
    defectBbox: sleeve.defectBox,
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${parts.join('')}</svg>`;
  return { svg, objects };
}

/** One or two strings that hang from the arm or pull away from it. */
function placeStrings(random: Random, size: PictureSize, tower: TowerPlan): Placed<InsulatorShape>[] {
  const count = integerBetween(random, 1, 2);
  const placed: Placed<InsulatorShape>[] = [];
  for (let attempt = 0; attempt < TRIES && placed.length < count; attempt++) {
    const share = between(random, 0.3, 1);
    const start = {
      x: tower.x + (tower.armTip.x - tower.x) * share,
      y: tower.armY + (tower.armTip.y - tower.armY) * share,
    };
    // From straight down, towards the mast by up to 60 degrees or outwards until nearly level.
    const tilt = between(random, -60, 80) * DEGREE * tower.direction;
    const placement = { start, angle: 90 * DEGREE - tilt };
    const candidate = fit(chooseInsulatorShape(random), placement, boundInsulator);
    if (isInside(candidate.box, size) && placed.every(({ box }) => !overlap(box, candidate.box, GAP))) {
      placed.push(candidate);
    }
  }
  if (placed.length > 0) return placed;
  // Straight down from the middle of the arm fits whatever was drawn above.
  const start = { x: (tower.x + tower.armTip.x) / 2, y: (tower.armY + tower.armTip.y) / 2 };
  const small = { discRadius: 30, spacing: 24, discs: 8, fitting: 18 };
  return [fit(small, { start, angle: 90 * DEGREE }, boundInsulator)];
}

/** Anywhere clear of the strings, level within what conductors and camera do, smaller if need be. */
function placeJoint(
  random: Random,
  size: PictureSize,
  strings: readonly Placed<unknown>[],
): Placed<JointShape> {
  const drawn = chooseJointShape(random);
  for (let attempt = 0; ; attempt++) {
    const shrink = Math.max(0.2, 1 - attempt / 400);
    const shape = { length: drawn.length * shrink, thickness: drawn.thickness * shrink };
    const start = { x: between(random, 0, size.width), y: between(random, 0, size.height) };
    const angle = random.normal() * 28 * DEGREE;
    const candidate = fit(shape, { start, angle }, boundJoint);
    if (isInside(candidate.box, size) && strings.every(({ box }) => !overlap(box, candidate.box, GAP))) {
      return candidate;
    }
  }
}

function fit<Shape>(
  shape: Shape,
  placement: Placement,
  bound: (shape: Shape, placement: Placement) => PixelBox,
): Placed<Shape> {
  return { shape, placement, box: bound(shape, placement) };
}

function isInside([x, y, width, height]: PixelBox, size: PictureSize): boolean {
  return x >= MARGIN && y >= MARGIN && x + width <= size.width - MARGIN && y + height <= size.height - MARGIN;
}

function leavesPicture(random: Random, from: Point, tower: TowerPlan, size: PictureSize): Point {
  return {
    x: from.x + tower.direction * size.width * 1.4,
    y: from.y + between(random, -0.5, 0.35) * size.height,
  };
}

function drawLooseConductors(random: Random, size: PictureSize): string {
  return Array.from({ length: integerBetween(random, 0, 3) }, () => {
    const [left, right] = [
      between(random, -0.2, 1.1) * size.height,
      between(random, -0.2, 1.1) * size.height,
    ];
    return drawConductor(
      random,
      { x: -20, y: left },
      { x: size.width + 20, y: right },
      between(random, 3, 12),
    );
  }).join('');
}

function drawConductor(random: Random, from: Point, to: Point, weight: number): string {
  const colour = vary(random, CONDUCTOR, 16);
  const line = `x1="${n(from.x)}" y1="${n(from.y)}" x2="${n(to.x)}" y2="${n(to.y)}"`;
  return (
    `<line ${line} stroke="${css(colour, 0.7)}" stroke-width="${n(weight)}"/>` +
    `<line ${line} stroke="${css(colour, 1.35)}" stroke-width="${n(weight * 0.35)}" stroke-dasharray="7 2"/>`
  );
}
