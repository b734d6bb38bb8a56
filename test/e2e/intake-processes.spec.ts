/** Killed at any moment, or out of disk: nothing that was accepted is lost, and the same command goes on. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/statistics/random.ts';
import { cameraPicture } from '../support/camera-file.ts';
import { runCommand, serviceUrl, type RunningCommand } from '../support/run-command.ts';
import { whyNoSmallDisk } from '../support/small-disk.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

const LIMIT_MS = 120_000;
const COUNT = 40;

interface Report {
  readonly files: number;
  readonly stored: number;
  readonly known: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  readonly rejected: readonly { readonly file: string; readonly reason: string }[];
}

let folder = '';
let flight = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-intake-'));
  flight = path.join(folder, 'flight');
  await mkdir(path.join(flight, 'DCIM', '100MEDIA'), { recursive: true });
  for (let seed = 0; seed < COUNT; seed++) {
    const place = seed % 2 ? flight : path.join(flight, 'DCIM', '100MEDIA');
    const jpeg = await cameraPicture({ widthPx: 900, heightPx: 600, seed }).jpeg().toBuffer();
    await writeFile(path.join(place, `DJI_${seed}.JPG`), jpeg);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('spanwatch import images', () => {
  const { database, url } = withTestDatabase();
  const settings = () => ({ DATABASE_URL: url(), DATA_DIR: path.join(folder, 'data') });
  const count = async (sql: string) => (await database().query<{ count: number }>(sql)).rows[0]!.count;
  const imagesStored = () => count('SELECT count(*)::int FROM image');
  const run = async (words: readonly string[], prefix?: readonly string[], more = {}) => {
    const running = runCommand(['import', 'images', ...words], { ...settings(), ...more }, prefix);
    const code = await running.ended();
    return { code, output: running.output(), errors: running.errors() };
  };

  it(
    'goes on where it was killed, however often, and takes nothing in twice',
    async () => {
      const random = createRandom('kills');
      for (const share of [0.1, 0.4, 0.7]) {
        const running = runCommand(['import', 'images', flight], settings());
        await waitFor(async () => (await imagesStored()) >= share * COUNT, LIMIT_MS);
        await sleep(30 * random.uniform());
        await running.kill();
      }
      const before = await imagesStored();
      const { code, output } = await run([flight, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(output) as Report).toEqual({
        files: COUNT,
        stored: COUNT - before,
        poor: [],
        known: before,
        skipped: [],
        rejected: [],
      });
      expect(await imagesStored()).toBe(COUNT);
      expect(
        await count(`SELECT count(DISTINCT data->>'imageId')::int FROM pgboss.job WHERE name = 'detect'`),
      ).toBe(COUNT);
      expect(await count(`SELECT count(*)::int FROM pgboss.job WHERE name = 'detect'`)).toBe(COUNT);
      const { rows } = await database().query<{ sha256: string }>('SELECT sha256 FROM image');
      for (const row of rows) {
        const blob = await readFile(path.join(folder, 'data', 'blobs', row.sha256.slice(0, 2), row.sha256));
        expect(sha256(blob)).toBe(row.sha256);
      }
    },
    LIMIT_MS,
  );

  it(
    'tells what it skipped and what it rejected, and why, and goes on with the rest',
    async () => {
      const mixed = path.join(folder, 'mixed');
      await mkdir(mixed);
      const good = await cameraPicture({ seed: 7_000 }).jpeg().toBuffer();
      await writeFile(path.join(mixed, 'good 🗼.jpg'), good);
      await writeFile(
        path.join(mixed, 'two\nlines.jpg'),
        await cameraPicture({ seed: 7_001 }).jpeg().toBuffer(),
      );
      await writeFile(path.join(mixed, 'cut.jpg'), good.subarray(0, good.length / 2));
      await writeFile(path.join(mixed, 'empty.jpg'), '');
      await writeFile(path.join(mixed, 'fake.jpg'), 'text');
      await writeFile(path.join(mixed, 'track.MRK'), '1 2 3');
      await symlink('good 🗼.jpg', path.join(mixed, 'link.jpg'));
      await symlink('.', path.join(mixed, 'round'));
      const { code, output } = await run([mixed, '--json', '--flight', 'F-9']);
      expect(code).toBe(1);
      const report = JSON.parse(output) as Report;
      expect(report).toMatchObject({ files: 8, stored: 2, known: 0 });
      expect(report.skipped.map(({ file }) => file).sort()).toEqual(['link.jpg', 'round', 'track.MRK']);
      expect(report.rejected.map(({ file }) => file).sort()).toEqual(['cut.jpg', 'empty.jpg', 'fake.jpg']);
      const { rows } = await database().query(
        `SELECT file_name FROM image WHERE flight_id = 'F-9' ORDER BY 1`,
      );
      expect(rows).toEqual([{ file_name: 'good 🗼.jpg' }, { file_name: 'two lines.jpg' }]);
    },
    LIMIT_MS,
  );

  it('says that there is no such folder, and refuses a flight that is no name', async () => {
    expect(await run([path.join(folder, 'none')])).toMatchObject({ code: 2 });
    const { errors } = await run([flight, '--flight', '../x']);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).toContain('flightId must be');
  });

  const noDisk = whyNoSmallDisk();
  it.skipIf(noDisk !== null)(
    'says that the disk is full, keeps what it has, and goes on when there is room',
    async () => {
      await database().query('TRUNCATE image CASCADE');
      const tight = path.join(folder, 'tight');
      await mkdir(tight);
      const mount = (size: string) => [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o size=${size} none '${tight}' && exec "$@"`,
        'sh',
      ];
      const first = await run([flight], mount('1200k'), { DATA_DIR: tight });
      expect(first.code).toBe(1);
      expect(first.errors).toContain('disk that keeps the photographs is full');
      const kept = await imagesStored();
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(COUNT);
      // The small disk is gone with its process: what is known but lost is kept again.
      const { code, output } = await run([flight, '--json'], mount('200m'), { DATA_DIR: tight });
      expect(code).toBe(0);
      expect(JSON.parse(output) as Report).toMatchObject({ rejected: [] });
      expect(await imagesStored()).toBe(COUNT);
    },
    LIMIT_MS,
  );
});

describe('the platform', () => {
  const { database, url } = withTestDatabase();

  it.skipIf(whyNoSmallDisk() !== null)(
    'says that its disk is full to whoever uploads, stays up, and has what it accepted',
    async () => {
      const tight = path.join(folder, 'tight-platform');
      await mkdir(tight);
      const settings = { DATABASE_URL: url(), DATA_DIR: tight };
      const mount = `mount -t tmpfs -o size=1m none '${tight}' && exec "$@"`;
      const running = runCommand(['start', '--roles', 'api'], settings, [
        'unshare',
        '--mount',
        'sh',
        '-c',
        mount,
        'sh',
      ]);
      try {
        const at = await serviceUrl(running);
        const answers: number[] = [];
        for (const name of (await readdir(flight)).filter((each) => each.endsWith('.JPG'))) {
          const form = new FormData();
          form.append('image', new Blob([await readFile(path.join(flight, name))]), name);
          const response = await fetch(`${at}/v1/images`, { method: 'POST', body: form });
          answers.push(response.status);
          if (response.status === 201) continue;
          expect(await response.json()).toMatchObject({ type: 'urn:spanwatch:disk-full', status: 507 });
          break;
        }
        expect(answers.length).toBeGreaterThan(1);
        expect(answers.at(-1)).toBe(507);
        const tus = await fetch(`${at}/v1/uploads`, {
          method: 'POST',
          headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': '900000' },
        });
        // A file may still be begun, but not be filled.
        const piece = await fetch(new URL(tus.headers.get('location') ?? '/v1/uploads/none', at), {
          method: 'PATCH',
          headers: {
            'Tus-Resumable': '1.0.0',
            'Upload-Offset': '0',
            'Content-Type': 'application/offset+octet-stream',
          },
          body: Buffer.alloc(900_000),
        });
        expect([tus.status, piece.status]).toContain(507);
        expect((await fetch(`${at}/health/live`)).status).toBe(200);
        const { rows } = await database().query('SELECT FROM image');
        expect(rows).toHaveLength(answers.filter((status) => status === 201).length);
      } finally {
        running.child.kill('SIGTERM');
        await running.ended();
      }
    },
    LIMIT_MS,
  );

  it(
    'has every photograph that it accepted, and analyses each, when it is killed on the way',
    async () => {
      const data = path.join(folder, 'platform');
      const start = () => runCommand(['start'], { DATA_DIR: data });
      const accepted = new Set<string>();
      let running: RunningCommand = start();
      const files = (await readdir(flight)).filter((name) => name.endsWith('.JPG')).slice(0, 12);
      let at = await serviceUrl(running);
      const analysed = async () => {
        const response = await fetch(`${at}/v1/images?status=analysed&limit=500`);
        return ((await response.json()) as { items: { imageId: string }[] }).items;
      };
      const upload = async (name: string): Promise<void> => {
        const form = new FormData();
        form.append('image', new Blob([await readFile(path.join(flight, name))]), name);
        const response = await fetch(`${at}/v1/images`, { method: 'POST', body: form }).catch(() => null);
        if (response?.status !== 201) return;
        for (const { imageId } of (await response.json()) as { imageId: string }[]) accepted.add(imageId);
      };
      try {
        await Promise.all(files.slice(0, 6).map(upload));
        await waitFor(async () => (await analysed()).length > 0, LIMIT_MS);
        // In the midst of uploads and of an analysis.
        const uploads = files.map(upload);
        await sleep(40);
        await running.kill();
        await Promise.all(uploads);
        const acceptedBefore = [...accepted];
        expect(acceptedBefore.length).toBeGreaterThanOrEqual(6);
        running = start();
        at = await serviceUrl(running);
        await Promise.all(files.map(upload));
        expect(accepted.size).toBe(files.length);
        await waitFor(async () => (await analysed()).length >= files.length, LIMIT_MS);
        const ids = (await analysed()).map(({ imageId }) => imageId);
        expect(ids.sort()).toEqual([...accepted].sort());
        expect(ids).toEqual(expect.arrayContaining(acceptedBefore));
      } finally {
        running.child.kill('SIGTERM');
        await running.ended();
      }
    },
    2 * LIMIT_MS,
  );
});
