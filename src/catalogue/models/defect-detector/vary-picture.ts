/** Makes a window to learn from out of a picture: edited, joined with others, warped, its colours shifted. */
import type { Random } from '../../../core/statistics/random.ts';
import { widenBox, type Corners } from '../../../core/geometry/box.ts';
import { augmentation, type ObjectClass } from './defaults.ts';
import { paintOut } from './paint-out.ts';
import { pastePatch } from './paste-patch.ts';
import type { TrainingPicture, TrueObject } from './training-picture.ts';
import { drawWarp, shiftColours, warpPicture, type Region } from './warp-picture.ts';

export interface WindowRequest {
  readonly pictures: readonly TrainingPicture[];
  readonly classes: readonly ObjectClass[];
  readonly width: number;
  readonly height: number;
  readonly scales: readonly [number, number];
  /** Largest change of width against height. */
  readonly aspect: number;
  /** Whether windows may hold four pictures, and pictures pieces of others. */
  readonly mixes: boolean;
  /** Probability that a picture is turned by a quarter. */
  readonly quarterTurn: number;
}

/** @param index of the picture; others lend patches and mosaic tiles */
export function varyPicture(random: Random, request: WindowRequest, index: number): TrainingPicture {
  const { width, height, pictures } = request;
  const window = { data: new Uint8Array(width * height * 3), width, height };
  const isMosaic = request.mixes && random.uniform() < augmentation.mosaic;
  const tiles = isMosaic ? quarters(width, height) : [{ left: 0, top: 0, width, height }];
  const objects = tiles.flatMap((region, tile) => {
    const chosen = tile === 0 ? pictures[index]! : pick(random, pictures);
    const picture = editPicture(random, request, chosen);
    const scales = isMosaic ? ([request.scales[0] * 0.7, request.scales[0]] as const) : request.scales;
    return warpPicture(picture, drawWarp(random, picture, region, { ...request, scales }), window, region);
  });
  shiftColours(random, window.data);
  return { ...window, objects };
}

function quarters(width: number, height: number): Region[] {
  const [w, h] = [width / 2, height / 2];
  return [0, 1, 2, 3].map((n) => ({ left: (n % 2) * w, top: (n >> 1) * h, width: w, height: h }));
}

/** Takes a defect away, or puts one or only its seams on; most pictures stay as they are. */
function editPicture(random: Random, request: WindowRequest, picture: TrainingPicture): TrainingPicture {
  const isDefect = ({ classIndex }: TrueObject): boolean => request.classes[classIndex]!.kind === 'defect';
  const defects = picture.objects.filter(isDefect);
  const draw = random.uniform();
  if (defects.length > 0) {
    if (draw >= augmentation.paintOut) return picture;
    const copy = { ...picture, data: picture.data.slice() };
    for (const { box } of defects) paintOut(copy, widenBox(box, 0.05 + 0.15 * random.uniform()));
    return { ...copy, objects: picture.objects.filter((object) => !isDefect(object)) };
  }
  const { pasteDefect, pasteHealthy } = augmentation;
  if (!request.mixes || draw >= pasteDefect + pasteHealthy) return picture;
  const host = picture.objects.length > 0 ? pick(random, picture.objects) : undefined;
  const patch = host && findPatch(random, request, host, draw < pasteDefect);
  if (!patch) return picture;
  const copy = { ...picture, data: picture.data.slice() };
  const scale = patch.scale * Math.exp(0.2 * (2 * random.uniform() - 1));
  const source = widenBox(patch.box, patch.margin);
  const rim = 0.2 + 0.3 * random.uniform();
  const middle = pointOn(random, host.box);
  pastePatch(copy, { from: patch.from, source, middle, scale, rim });
  if (patch.classIndex === null) return copy;
  const half = [((patch.box[2] - patch.box[0]) * scale) / 2, ((patch.box[3] - patch.box[1]) * scale) / 2];
  const box: Corners = [
    middle[0] - half[0]!,
    middle[1] - half[1]!,
    middle[0] + half[0]!,
    middle[1] + half[1]!,
  ];
  return { ...copy, objects: [...picture.objects, { classIndex: patch.classIndex, box }] };
}

interface Patch {
  readonly from: TrainingPicture;
  readonly box: Corners;
  readonly margin: number;
  readonly scale: number;
  /** Of the defect it shows; null where it shows none. */
  readonly classIndex: number | null;
}

/** A defect that another picture has on an object like the host, or as large a piece of a sound one. */
function findPatch(
  random: Random,
  { pictures, classes }: WindowRequest,
  host: TrueObject,
  wantsDefect: boolean,
): Patch | undefined {
  for (let tries = 0; tries < 12; tries++) {
    const from = pick(random, pictures);
    const like = from.objects.find(
      ({ classIndex, box }) => classIndex === host.classIndex && isWide(box) === isWide(host.box),
    );
    if (!like) continue;
    const defect = from.objects.find(
      ({ classIndex, box }) => classes[classIndex]!.kind === 'defect' && holdsMiddle(like.box, box),
    );
    const scale = Math.max(0.6, Math.min(1.6, longSide(host.box) / longSide(like.box)));
    if (wantsDefect && defect) {
      return { from, box: defect.box, margin: 0.25, scale, classIndex: defect.classIndex };
    }
    if (!wantsDefect && !defect) {
      const [x, y] = pointOn(random, like.box);
      const half = longSide(like.box) * (0.05 + 0.07 * random.uniform());
      return { from, box: [x - half, y - half, x + half, y + half], margin: 0, scale, classIndex: null };
    }
  }
  return undefined;
}

/** A point that the object covers: along a slender box, in the middle of one that a tilted string crosses. */
function pointOn(random: Random, [left, top, right, bottom]: Corners): [number, number] {
  const [width, height] = [right - left, bottom - top];
  const along = 0.15 + 0.7 * random.uniform();
  const across = width > 2.5 * height ? along : 0.5;
  const down = height > 2.5 * width ? along : 0.5;
  return [left + across * width, top + down * height];
}

function isWide([left, top, right, bottom]: Corners): boolean {
  return right - left > bottom - top;
}

function longSide([left, top, right, bottom]: Corners): number {
  return Math.max(right - left, bottom - top);
}

function holdsMiddle(outer: Corners, inner: Corners): boolean {
  const [x, y] = [(inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2];
  return outer[0] <= x && x <= outer[2] && outer[1] <= y && y <= outer[3];
}

function pick<T>(random: Random, entries: readonly T[]): T {
  return entries[Math.floor(random.uniform() * entries.length)]!;
}
