/**
 * Spoils labelled photographs on purpose and prints, for each way and strength, what intake flags beside what the
 * detector still finds; first of all how many sound ones are flagged.
 *
 * @example npm run bench:quality -- --dataset CPLID --split split.json
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { createLineInspection } from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import { architecture } from '../../src/catalogue/models/defect-detector/defaults.ts';
import { wilsonInterval } from '../../src/core/statistics/wilson-interval.ts';
import { readPhotograph } from '../../src/features/inspection/intake/read-photograph.ts';
import { readDataset } from '../../src/features/training/datasets/read-dataset.ts';
import type { LabelledPicture } from '../../src/features/training/detector-data.ts';
import { matchBoxes } from '../../src/features/training/match-detections.ts';
import { renderPhotograph } from '../../src/features/simulation/render-photograph.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute, type BackendRequest } from '../../src/platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';

const { values } = parseArgs({
  options: {
    dataset: { type: 'string' },
    split: { type: 'string' },
    backend: { type: 'string', default: 'auto' },
  },
});
if (!values.dataset || !values.split) throw new Error('Name the pictures with --dataset and --split.');

/** Strengths: of blur and shake in px of the network's frame, of exposure as a factor on the pixels. */
const SPOILED = {
  blur: [0.5, 1, 1.5, 2, 3],
  shake: [2, 4, 8],
  darker: [0.5, 0.25, 0.15, 0.1],
  brighter: [1.5, 2, 3, 5],
} as const;
const RENDERED = 100;
const LIMITS = { receivedAt: new Date('2026-01-01'), assumedOffsetMinutes: 0 };

const split = JSON.parse(await readFile(values.split, 'utf8')) as { train: string[]; val: string[] };
const names = new Set([...split.train, ...split.val]);
const { pictures } = await readDataset(values.dataset, { only: names });
await prepareCompute(values.backend as BackendRequest);
const inspection = createLineInspection({
  backbone: await readModelFolder(shippedModelFolder('coco-backbone')),
  detector: await readModelFolder(shippedModelFolder('defect-detector')),
});
const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
try {
  await countSound();
  const withDefect = pictures.filter(
    ({ name, boxes }) => split.val.includes(name) && defectsOf(boxes).length > 0,
  );
  for (const [way, strengths] of Object.entries(SPOILED)) {
    for (const strength of [0, ...strengths]) await trySpoiled(withDefect, way, strength);
  }
} finally {
  inspection.dispose();
  await rm(folder, { recursive: true, force: true });
}

async function countSound(): Promise<void> {
  let flagged = 0;
  for (const picture of pictures) flagged += (await flagsOf(await encode(picture))).length > 0 ? 1 : 0;
  tellShare('sound photographs flagged', flagged, pictures.length);
  let drawn = 0;
  for (let seed = 0; seed < RENDERED; seed++) {
    const wanted = { insulatorDefect: seed % 2 === 0, jointDefect: seed % 3 === 0 };
    const { jpeg } = await renderPhotograph({
      seed,
      ...wanted,
      takenAt: new Date('2026-05-01'),
      latitudeDeg: 50,
      longitudeDeg: 8,
    });
    drawn += (await flagsOf(jpeg)).length > 0 ? 1 : 0;
  }
  tellShare('drawn photographs flagged', drawn, RENDERED);
}

async function trySpoiled(some: readonly LabelledPicture[], way: string, strength: number): Promise<void> {
  let [flagged, found, defects] = [0, 0, 0];
  for (const picture of some) {
    const jpeg = await encode(picture, way, strength);
    flagged += (await flagsOf(jpeg)).length > 0 ? 1 : 0;
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    const detections = await inspection.inspect({ data, width: info.width, height: info.height });
    const boxes = detections
      .filter(({ category }) => isDefect(category))
      .map(({ score, bbox: [x, y, width, height] }) => ({
        score,
        box: [x, y, x + width, y + height] as const,
      }));
    const truths = defectsOf(picture.boxes);
    found += matchBoxes(
      boxes,
      truths.map(({ box }) => box),
    ).filter((match) => match >= 0).length;
    defects += truths.length;
  }
  say(`${way} ${strength}: flagged ${flagged} of ${some.length}, defects found ${found} of ${defects}`);
}

async function encode(picture: LabelledPicture, way = '', strength = 0): Promise<Buffer> {
  const { data, width, height } = await picture.read();
  const source = sharp(data, { raw: { width, height, channels: 3 } });
  const pixel = Math.max(width / architecture.inputWidth, height / architecture.inputHeight);
  return spoil(source, way, strength, pixel).jpeg({ quality: 92 }).toBuffer();
}

/** @param pixel px of the photograph a px of the network's frame */
function spoil(source: Sharp, way: string, strength: number, pixel: number): Sharp {
  if (strength === 0) return source;
  if (way === 'blur') return source.blur(strength * pixel);
  if (way !== 'shake') return source.linear(strength, 0);
  const width = 2 * Math.round((strength * pixel) / 2) + 1;
  const [none, line] = [new Array<number>(width).fill(0), new Array<number>(width).fill(1)];
  return source.convolve({ width, height: 3, kernel: [...none, ...line, ...none] });
}

async function flagsOf(jpeg: Buffer): Promise<readonly string[]> {
  const file = path.join(folder, 'picture.jpg');
  await writeFile(file, jpeg);
  return (await readPhotograph(file, 120, LIMITS)).photograph.qualityFlags;
}

function defectsOf(boxes: LabelledPicture['boxes']): LabelledPicture['boxes'][number][] {
  return boxes.filter(({ category }) => isDefect(category));
}

function isDefect(category: string): boolean {
  return inspection.classes.some(({ name, kind }) => name === category && kind === 'defect');
}

function tellShare(what: string, count: number, of: number): void {
  const { lower, upper } = wilsonInterval(count, of);
  say(`${what}: ${count} of ${of} (${percent(lower)} to ${percent(upper)})`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
