/**
 * A flight of 12 megapixel photographs sent over HTTP to an api process of its own, with an embedded database: how it
 * compares to what sharp decodes in the same run, whether memory stays flat, and how long others wait meanwhile.
 *
 * With --large also how much memory the worst of photographs take: 100 megapixels, progressive, four at once.
 *
 * @example npm run bench:intake -- --count 1000
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { pngChunk } from '../support/camera-file.ts';
import { probeMemory } from '../support/memory-probe.ts';
import { runCommand, serviceUrl } from '../support/run-command.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, large: { type: 'boolean', default: false } },
});
const count = Number(values.count);

const SIZE = { width: 4000, height: 3000 };
/** Different pictures; further ones are these with another comment, which makes their bytes their own. */
const PICTURES = 6;
const SENDERS = 4;
const FILES_A_REQUEST = 5;
/** Decoded before and after, so that both see the same machine. */
const DECODED = Math.max(6, Math.min(40, Math.round(count / 10)));
const PROBE_EVERY_MS = 50;
const WAITS_LIMIT_MS = 100;
const MOST_MEGABYTES = 1_500;
const LEAST_RATIO = 0.8;
const MOST_GROWTH = 0.05;

sharp.cache(false);
sharp.concurrency(1);

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const server = runCommand(['start', '--roles', 'api'], { DATA_DIR: folder, LOG_LEVEL: 'info' });
try {
  const url = await serviceUrl(server);
  const pictures = await Promise.all(Array.from({ length: PICTURES }, draw));
  const megabytes = pictures.reduce((sum, { length }) => sum + length, 0) / PICTURES / 1e6;
  say(
    `${count} photographs of ${(SIZE.width * SIZE.height) / 1e6} megapixels, ${megabytes.toFixed(1)} MB each`,
  );
  await sendAll(url, pictures, 'warm', 4 * FILES_A_REQUEST);

  const before = await decodeRate(pictures);
  const memory = probeMemory(() => server.child.pid);
  const waits = watchOthers(url);
  const rate = await sendAll(url, pictures, 'take', count);
  const waitsMs = await waits.stop();
  memory.stop();
  const after = await decodeRate(pictures);

  const full = (before.full + after.full) / 2;
  const small = (before.small + after.small) / 2;
  const [first = 0, ...later] = memory.overTime(8);
  const last = later.at(-1) ?? 0;
  const result = {
    bench: 'intake',
    photographs: count,
    perSecond: round(rate),
    decodeLimitPerSecond: round(full),
    ratioToDecodeLimit: round(rate / full),
    thumbnailLimitPerSecond: round(small),
    ratioToThumbnailLimit: round(rate / small),
    residentMegabytesOverTime: [first, ...later],
    peakMegabytes: memory.peakMegabytes(),
    othersWaitedMs: {
      p50: round(quantile(waitsMs, 0.5)),
      p95: round(quantile(waitsMs, 0.95)),
      asked: waitsMs.length,
    },
  };
  say(JSON.stringify(result));
  check('ratio to the decode limit', rate / full, (value) => value >= LEAST_RATIO, `at least ${LEAST_RATIO}`);
  // In the second half: what a process needs at all it takes in the first.
  const half = later[3] ?? first;
  check('growth of memory', (last - half) / half, (value) => value <= MOST_GROWTH, `at most ${MOST_GROWTH}`);
  const p95 = quantile(waitsMs, 0.95);
  check('others wait, ms', p95, (value) => value < WAITS_LIMIT_MS, `under ${WAITS_LIMIT_MS}`);
  if (values.large) await sendLarge(url);
} finally {
  server.child.kill('SIGTERM');
  await server.ended();
  await rm(folder, { recursive: true, force: true });
}

/** As large a file as a drone's camera makes of so many pixels. */
async function draw(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 120, sigma: 40 };
  const picture = sharp({ create: { ...SIZE, channels: 3, noise, background: 'grey' } });
  return picture.blur(1).jpeg({ quality: 92 }).toBuffer();
}

/** A progressive JPEG and an interlaced PNG of 16 bits must be held as a whole while they are decoded. */
async function sendLarge(url: string): Promise<void> {
  const blank = sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: 'grey' } });
  const jpeg = await blank
    .clone()
    .jpeg({ progressive: true, quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const png = await blank.clone().toColourspace('rgb16').png({ progressive: true }).toBuffer();
  const files = [jpeg, commentedPng(png, 'a'), Buffer.concat(commented(jpeg, 'b')), commentedPng(png, 'c')];
  const memory = probeMemory(() => server.child.pid);
  await Promise.all(
    files.map(async (bytes, index) => {
      const form = new FormData();
      form.append('image', new Blob([new Uint8Array(bytes)]), `large-${index}`);
      const response = await fetch(`${url}/v1/images`, { method: 'POST', body: form });
      if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    }),
  );
  await sleep(2 * PROBE_EVERY_MS);
  memory.stop();
  const peak = memory.peakMegabytes() ?? 0;
  check(
    'peak with four photographs of 100 megapixels, MB',
    peak,
    (value) => value <= MOST_MEGABYTES,
    `at most ${MOST_MEGABYTES}`,
  );
}

/** With a text before its end. */
function commentedPng(png: Buffer, text: string): Buffer {
  const end = png.length - 12;
  return Buffer.concat([
    png.subarray(0, end),
    pngChunk('tEXt', Buffer.from(`c\0${text}`)),
    png.subarray(end),
  ]);
}

/** Photographs a second, to pixels in memory and to a thumbnail, as many at once as there are processors. */
async function decodeRate(pictures: readonly Buffer[]): Promise<{ full: number; small: number }> {
  const full = await perSecond(DECODED, (index) =>
    sharp(pictures[index % PICTURES])
      .raw()
      .toBuffer(),
  );
  const small = await perSecond(DECODED, (index) =>
    sharp(pictures[index % PICTURES])
      .resize(360, 360, { fit: 'inside' })
      .jpeg()
      .toBuffer(),
  );
  return { full, small };
}

async function perSecond(times: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return (1000 * times) / (performance.now() - begun);
}

/** @returns photographs a second, until the last is accepted */
async function sendAll(
  url: string,
  pictures: readonly Buffer[],
  run: string,
  total: number,
): Promise<number> {
  let next = 0;
  const begun = performance.now();
  const sender = async () => {
    while (next < total) {
      const form = new FormData();
      for (let file = 0; file < FILES_A_REQUEST && next < total; file++) {
        const index = next++;
        form.append(
          'image',
          new Blob(commented(pictures[index % PICTURES]!, `${run}/${index}`)),
          `${index}.jpg`,
        );
      }
      const response = await fetch(`${url}/v1/images`, { method: 'POST', body: form });
      if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return (1000 * total) / (performance.now() - begun);
}

/** The same picture with other bytes: a comment segment behind the start of the image. */
function commented(jpeg: Buffer, text: string): Uint8Array<ArrayBuffer>[] {
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(comment.length + 2, 4);
  return [new Uint8Array(head), new Uint8Array(comment), jpeg.subarray(2) as Uint8Array<ArrayBuffer>];
}

/** Somebody else asks for the list of photographs again and again. */
function watchOthers(url: string): { stop(): Promise<number[]> } {
  const waits: number[] = [];
  let isGoing = true;
  const going = (async () => {
    while (isGoing) {
      const asked = performance.now();
      const response = await fetch(`${url}/v1/images?limit=20`);
      await response.arrayBuffer();
      waits.push(performance.now() - asked);
      await sleep(PROBE_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      isGoing = false;
      await going;
      return waits;
    },
  };
}

function check(what: string, value: number, isGood: (value: number) => boolean, wanted: string): void {
  const good = isGood(value);
  say(`${good ? 'ok' : 'MISSED'}: ${what} ${round(value)}, wanted ${wanted}`);
  if (!good) process.exitCode = 1;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
