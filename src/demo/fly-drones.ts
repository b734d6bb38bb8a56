/** Second chapter: flights upload photographs over HTTP; detections become findings, findings become labels. */
import type { SimulatedLook } from '../features/simulation/flights.ts';
import { simulateFlights } from '../features/simulation/simulate-flights.ts';
import { DERIVE_LABELS, DETECT } from '../platform/jobs/job-kinds.ts';
import { Jobs } from '../platform/jobs/jobs.ts';
import { ImageRepository } from '../platform/storage/image-repository.ts';
import { FindingRepository } from '../platform/storage/finding-repository.ts';
import { Broken } from '../core/domain/failure.ts';
import { pause } from './pause.ts';
import type { Stage, StageContext } from './stage.ts';

const POLL_MS = 200;

export const flyDrones: Stage = {
  title: 'Drones photograph the towers; the detector looks at each picture',
  async run(context: StageContext): Promise<void> {
    const looks = simulateFlights(context.world.grid);
    await uploadAll(looks, context);
    await waitForWorkers(looks.length, context);
    const { app } = context.spanwatch;
    const page = { limit: 100_000, after: null };
    const [failed] = await app.get(ImageRepository).list(page, { state: 'failed' });
    if (failed)
      throw new Broken('not-analysed', `${failed.file_name} could not be analysed: ${failed.failure}`);
    const findings = await app
      .get(FindingRepository)
      .list(page, { line: null, tower: null, outcome: 'defect' });
    const towers = new Set(findings.map((row) => `${row.line_id}-${row.tower_id}`));
    const flights = new Set(looks.map((look) => look.flightId));
    context.tell(
      `${looks.length} photographs of ${flights.size} flights: defects seen on ${[...towers].sort().join(', ')}`,
    );
  },
};

async function uploadAll(
  looks: readonly SimulatedLook[],
  { spanwatch, photographs, tell, signal }: StageContext,
): Promise<void> {
  const images = await spanwatch.app.get(ImageRepository).list({ limit: 100_000, after: null });
  const there = new Set(images.map((image) => image.file_name));
  for (const [index, look] of looks.entries()) {
    signal.throwIfAborted();
    tell(`uploading photograph ${index + 1} of ${looks.length}`);
    const fileName = `${look.flightId}-${look.towerId}.jpg`;
    if (!there.has(fileName)) await upload(await photographs(look), look, fileName, spanwatch.url);
  }
}

async function upload(jpeg: Uint8Array, look: SimulatedLook, fileName: string, url: string): Promise<void> {
  const form = new FormData();
  form.append('flightId', look.flightId);
  form.append('image', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), fileName);
  const response = await fetch(`${url}/v1/images`, { method: 'POST', body: form });
  if (response.status !== 201) {
    throw new Broken(
      'upload-refused',
      `Uploading ${fileName} answered ${response.status}: ${await response.text()}`,
    );
  }
}

async function waitForWorkers(total: number, { spanwatch, tell, signal }: StageContext): Promise<void> {
  const jobs = spanwatch.app.get(Jobs);
  for (;;) {
    signal.throwIfAborted();
    const waiting = await jobs.pending(DETECT.queue);
    if (waiting + (await jobs.pending(DERIVE_LABELS.queue)) === 0) return;
    tell(`detector has looked at ${total - waiting} of ${total} photographs`);
    await pause(POLL_MS);
  }
}
