/** The demo's drones see real photographs where the folder has fitting ones, taken when and where they fly. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedLook } from '../features/simulation/flights.ts';
import { realPhotographs } from './photograph-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photographs-'));
  await mkdir(join(folder, 'images'));
  for (const [name, background] of Object.entries({ sound: '#00ff00', broken: '#ff0000' })) {
    await sharp({ create: { width: 200, height: 100, channels: 3, background } })
      .jpeg()
      .toFile(join(folder, 'images', `${name}.jpg`));
  }
  const annotation = { image_id: 2, category_id: 1, bbox: [10, 10, 20, 20] };
  const images = ['sound.jpg', 'broken.jpg'].map((file_name, index) => ({ id: index + 1, file_name }));
  const categories = [{ id: 1, name: 'broken_insulator' }];
  await writeFile(
    join(folder, 'annotations.json'),
    JSON.stringify({ images, categories, annotations: [annotation] }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const look: SimulatedLook = {
  flightId: 'F1',
  lineId: 'L01',
  towerId: 'T01',
  sensorId: 'L01-T01-Z',
  takenAt: new Date('2026-05-01T10:00:00Z'),
  latitudeDeg: 50.25,
  longitudeDeg: 8.5,
  insulatorDefect: false,
  jointDefect: false,
  strandDefect: false,
  seed: 1,
};

/** Mean red, green and blue. */
async function colourOf(jpeg: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(jpeg).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

describe('realPhotographs', () => {
  it('gives a picture with the wanted defect, and one without where none is wanted', async () => {
    const photograph = await realPhotographs(folder);
    const [red] = await colourOf(await photograph({ ...look, insulatorDefect: true }));
    expect(red).toBeGreaterThan(240);
    const [none, green] = await colourOf(await photograph(look));
    expect(none).toBeLessThan(15);
    expect(green).toBeGreaterThan(240);
  });

  it('writes place and time of the look into the picture', async () => {
    const jpeg = await (await realPhotographs(folder))(look);
    const exif = (await exifr.parse(Buffer.from(jpeg), { gps: true })) as {
      latitude: number;
      longitude: number;
    };
    expect(exif.latitude).toBeCloseTo(50.25, 5);
    expect(exif.longitude).toBeCloseTo(8.5, 5);
  });

  it('draws what the folder has no picture of', async () => {
    const jpeg = await (await realPhotographs(folder))({ ...look, jointDefect: true });
    expect((await sharp(jpeg).metadata()).width).toBe(1152);
  });
});
