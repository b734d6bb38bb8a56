/**
 * `detector detect` on one large JPEG, in a process of its own: seconds, peak memory, and the ratio to what sharp takes
 * to decode it. Drawn photographs lie on it, so that there is something to find.
 *
 * @example npm run bench:large -- --megapixels 12,48,100
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { planWindows } from '../../src/core/geometry/plan-windows.ts';
import { PHOTOGRAPH_SIZE, renderPhotograph } from '../../src/features/simulation/render-photograph.ts';
import { probeMemory } from '../support/memory-probe.ts';
import { runCommand } from '../support/run-command.ts';

const { values } = parseArgs({
  options: {
    megapixels: { type: 'string', default: '12,48,100' },
    backend: { type: 'string', default: 'wasm' },
    progressive: { type: 'boolean', default: false },
  },
});

/** Of a photograph of 100 megapixels, whatever its kind of JPEG. */
const MOST_MEGABYTES = 1_500;
const SIZES: Readonly<Record<string, readonly [width: number, height: number]>> = {
  '12': [4_000, 3_000],
  '48': [8_000, 6_000],
  '100': [12_000, 8_333],
};
const DRAWN = 4;
const FRAME = { width: 640, height: 480 };

sharp.cache(false);
const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
try {
  for (const megapixels of values.megapixels.split(',')) await measure(megapixels);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(megapixels: string): Promise<void> {
  const [width, height] = SIZES[megapixels] ?? [];
  if (!width || !height) throw new Error(`--megapixels takes ${Object.keys(SIZES).join(', ')}.`);
  const file = path.join(folder, `${megapixels}.jpg`);
  await draw(file, width, height);
  const decodeSeconds = await decode(file);
  const begun = performance.now();
  const command = runCommand(['detector', 'detect', file, '--json'], { TFJS_BACKEND: values.backend });
  const memory = probeMemory(() => command.child.pid);
  const code = await command.ended();
  const seconds = (performance.now() - begun) / 1000;
  memory.stop();
  if (code !== 0) throw new Error(command.errors());
  const { detections } = JSON.parse(command.output()) as { detections: unknown[] };
  const peak = memory.peakMegabytes() ?? 0;
  const result = {
    bench: 'large-image',
    megapixels: Math.round((width * height) / 1e6),
    backend: values.backend,
    progressive: values.progressive,
    windows: planWindows({ width, height }, FRAME).length,
    detections: detections.length,
    seconds: round(seconds),
    decodeSeconds: round(decodeSeconds),
    ratioToDecode: round(seconds / decodeSeconds),
    peakMegabytes: peak,
    ratioToMemoryLimit: round(peak / MOST_MEGABYTES),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (peak > MOST_MEGABYTES) process.exitCode = 1;
}

/** Soft grain all over, so that decoding costs what it costs with a photograph. */
async function draw(file: string, width: number, height: number): Promise<void> {
  const photographs = await Promise.all(
    Array.from({ length: DRAWN }, async (_, seed) => {
      const origin = { takenAt: new Date('2026-05-01'), latitudeDeg: 50, longitudeDeg: 8 };
      const { jpeg } = await renderPhotograph({ seed, insulatorDefect: true, jointDefect: false, ...origin });
      const left = Math.round(((seed + 0.5) / DRAWN) * (width - PHOTOGRAPH_SIZE.width));
      const top = Math.round((((seed * 3) % DRAWN) / DRAWN) * (height - PHOTOGRAPH_SIZE.height));
      return { input: jpeg, left, top };
    }),
  );
  const noise = { type: 'gaussian' as const, mean: 140, sigma: 12 };
  const picture = await sharp({ create: { width, height, channels: 3, noise, background: 'grey' } })
    .composite(photographs)
    .jpeg({ quality: 90, progressive: values.progressive })
    .toBuffer();
  await writeFile(file, picture);
}

async function decode(file: string): Promise<number> {
  const begun = performance.now();
  await sharp(file).raw().toBuffer();
  return (performance.now() - begun) / 1000;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
