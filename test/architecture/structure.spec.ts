/** Keeps the house as it is drawn: names, sizes, lists that equal their folders. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { amalgamations } from '../../src/catalogue/amalgamations/amalgamations.ts';
import { models } from '../../src/catalogue/models/models.ts';
import { sensors } from '../../src/catalogue/sensors/sensors.ts';
import { projectRoot } from '../../src/platform/project-root.ts';

const BANNED_NAMES = /^(utils?|helpers?|common|misc|base|managers?|types)(\.|$)/;
const MOST_LINES = 400;
const MOST_TEST_LINES = 500;

function filesUnder(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(path.join(projectRoot, file)).isFile());
}

function foldersIn(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

const sources = [...filesUnder('src'), ...filesUnder('dashboards')].filter((file) => file.endsWith('.ts'));
const tests = filesUnder('test').filter((file) => file.endsWith('.ts'));
const text = (file: string) => readFileSync(path.join(projectRoot, file), 'utf8');

describe('the house', () => {
  it('has source files to look at', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('has no file or folder with a name that says nothing', () => {
    const offending = [...sources, ...tests].filter((file) =>
      file.split(path.sep).some((part) => BANNED_NAMES.test(part)),
    );
    expect(offending).toEqual([]);
  });

  it('has no index.ts', () => {
    expect(sources.filter((file) => path.basename(file) === 'index.ts')).toEqual([]);
  });

  it('has no file too long to be read in one sitting', () => {
    const tooLong = [...sources, ...tests].filter((file) => {
      const limit = file.endsWith('.spec.ts') ? MOST_TEST_LINES : MOST_LINES;
      return text(file).split('\n').length > limit;
    });
    expect(tooLong).toEqual([]);
  });

  it('says in its first line what each file is for', () => {
    const silent = sources.filter((file) => !file.endsWith('.spec.ts') && !text(file).startsWith('/**'));
    expect(silent).toEqual([]);
  });

  it('reads the environment in settings.ts only', () => {
    const readers = sources.filter((file) => text(file).includes('process.env'));
    expect(readers).toEqual([path.join('src', 'settings.ts')]);
  });
});

describe('each list of the catalogue equals its folders', () => {
  it('for sensors', () => {
    expect(sensors.map((sensor) => sensor.kind).sort()).toEqual(foldersIn('src/catalogue/sensors'));
  });

  it('for models', () => {
    expect(models.map((model) => model.name).sort()).toEqual(foldersIn('src/catalogue/models'));
  });

  it('for amalgamations', () => {
    expect(amalgamations.map((amalgamation) => amalgamation.name).sort()).toEqual(
      foldersIn('src/catalogue/amalgamations'),
    );
  });
});
