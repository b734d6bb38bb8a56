/**
 * From stored photographs of 1152 × 864 to detections in a real database: where the time goes, stage by stage.
 *
 * @example npm run bench:inspection -- --backend native --count 40
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { DetectImage } from '../../src/features/inspection/detect-image.ts';
import { UpdateFindings } from '../../src/features/inspection/update-findings.ts';
import { LineInspector } from '../../src/features/inspection/line-inspector.ts';
import { registerShipped } from '../../src/features/registry/register-shipped.ts';
import { renderPhotograph } from '../../src/features/simulation/render-photograph.ts';
import { startSpanwatch } from '../../src/main.ts';
import { BlobStore } from '../../src/platform/blobs/blob-store.ts';
import { prepareCompute, type BackendRequest } from '../../src/platform/compute/choose-backend.ts';
import { DETECT } from '../../src/platform/jobs/job-kinds.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { ImageRepository } from '../../src/platform/storage/image-repository.ts';
import { ModelVersionRepository } from '../../src/platform/storage/model-version-repository.ts';
import { readSettings } from '../../src/settings.ts';

/** Nodes that do nothing but compute on tensors; `select` waits for the maps and also looks for peaks in them. */
const TENSOR_NODES = ['stem', 'learner', 'propose', 'detail', 'crop', 'judge'];

const { values } = parseArgs({
  options: { backend: { type: 'string', default: 'auto' }, count: { type: 'string', default: '40' } },
});
const count = Number(values.count);
const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const settings = readSettings({ DATA_DIR: folder, PORT: '0', MQTT_PORT: '0', ROLES: 'api' }, {});
const spanwatch = await startSpanwatch(settings, pino({ level: 'silent' }));
try {
  const { reason } = await prepareCompute(values.backend as BackendRequest);
  say(`${reason}; ${count} photographs`);
  await registerShipped(spanwatch.app.get(ModelVersionRepository), pino({ level: 'silent' }));
  await measure(await storePhotographs());
} finally {
  await spanwatch.stop();
  await rm(folder, { recursive: true, force: true });
}

async function storePhotographs(): Promise<string[]> {
  const { app, url } = spanwatch;
  const tower = { lineId: 'L01', towerId: 'T01', latitudeDeg: 50, longitudeDeg: 8 };
  await registerAssets(app.get(Database), [{ ...tower, sensorId: 'L01-T01-Z', kind: 'impedance' }]);
  const ids: string[] = [];
  for (let seed = 0; seed < count; seed++) {
    const defects = { insulatorDefect: seed % 2 === 0, jointDefect: seed % 3 === 0 };
    const { jpeg } = await renderPhotograph({ seed, ...defects, ...tower, takenAt: new Date('2026-05-01') });
    const form = new FormData();
    form.append('flightId', `F${seed}`);
    form.append('image', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), `${seed}.jpg`);
    const response = await fetch(`${url}/v1/images`, { method: 'POST', body: form });
    ids.push(...((await response.json()) as { imageId: string }[]).map(({ imageId }) => imageId));
  }
  return ids;
}

async function measure(imageIds: readonly string[]): Promise<void> {
  const { app } = spanwatch;
  const spent = new Map<string, number>(); // ms
  const add = (stage: string, ms: number): void => void spent.set(stage, (spent.get(stage) ?? 0) + ms);
  let mark = 0;
  const lap = (stage: string): void => {
    const now = performance.now();
    if (stage !== '') add(stage, now - mark);
    mark = now;
  };
  const inspector = new LineInspector(app.get(ModelVersionRepository), {
    onNode: ({ node, milliseconds }) => add(`  ${node}`, milliseconds),
  });
  const blobs = app.get(BlobStore);
  const detect = new DetectImage(
    app.get(Database),
    app.get(ImageRepository),
    app.get(UpdateFindings),
    wrap(blobs, 'read', async (read) => {
      lap('look up the photograph');
      const bytes = await read();
      lap('read it');
      return bytes;
    }),
    wrap(inspector, 'inspect', async (inspect) => {
      lap('decode it');
      const inspected = await inspect();
      lap('inspect it');
      return inspected;
    }),
    app.get(Metrics),
  );
  const run = async (imageId: string): Promise<void> => {
    lap('');
    await detect.run({ imageId });
    lap('store detections and findings');
  };
  const [first, ...others] = imageIds;
  const cold = performance.now();
  await run(first!); // loads the models
  say(`first photograph, models loaded on the way: ${Math.round(performance.now() - cold)} ms`);
  spent.clear();
  const begun = performance.now();
  for (const imageId of others) await run(imageId);
  const wall = performance.now() - begun;
  for (const [stage, ms] of spent) {
    say(`${stage.padEnd(32)}${(ms / others.length).toFixed(1).padStart(8)} ms${percent(ms / wall)}`);
  }
  say(
    `${((1000 * others.length) / wall).toFixed(2)} images a second one by one, ${(wall / others.length).toFixed(1)} ms an image`,
  );
  spent.clear();
  const queued = await drain(app.get(Jobs), detect, imageIds.length);
  const tensors = TENSOR_NODES.reduce((sum, node) => sum + (spent.get(`  ${node}`) ?? 0), 0);
  say(
    `${((1000 * imageIds.length) / queued).toFixed(2)} images a second as the worker takes them, ${(queued / imageIds.length).toFixed(1)} ms an image`,
  );
  say(`inside TensorFlow${percent(tensors / queued)} of the wall time; the limit is 70 %`);
  inspector.dispose();
}

/** Every upload queued a job: they are worked on as in service. @returns ms */
async function drain(jobs: Jobs, detect: DetectImage, count: number): Promise<number> {
  let done = 0;
  let finish: () => void;
  const all = new Promise<void>((resolve) => (finish = resolve));
  const begun = performance.now();
  jobs.work(DETECT, async (job) => {
    await detect.run(job);
    if (++done === count) finish();
  });
  await all;
  return performance.now() - begun;
}

/** The object with one method that is told when it is called and lets the call through. */
function wrap<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  around: (call: () => Promise<never>) => Promise<unknown>,
): Target {
  return new Proxy(target, {
    get: (object, property, receiver) => {
      const value: unknown = Reflect.get(object, property, receiver);
      if (property !== name || typeof value !== 'function') return value;
      return (...args: unknown[]) => around(() => Reflect.apply(value, object, args) as Promise<never>);
    },
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(9);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
