import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import type { CsvRecord } from './csv-record.ts';
import { readCsvRecords } from './read-csv-records.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-csv-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(text: string | Buffer): Promise<CsvRecord[]> {
  const file = path.join(folder, 'table.csv');
  await writeFile(file, text);
  const records: CsvRecord[] = [];
  for await (const batch of readCsvRecords(file)) records.push(...batch);
  return records;
}

describe('readCsvRecords', () => {
  it('leaves out empty lines and counts them', async () => {
    expect(await read('a,b\n\n1,2\n')).toEqual([
      { cells: ['a', 'b'], line: 1 },
      { cells: ['1', '2'], line: 3 },
    ]);
  });

  it('reads a last line without an end', async () => {
    expect(await read('a\n1')).toEqual([
      { cells: ['a'], line: 1 },
      { cells: ['1'], line: 2 },
    ]);
  });

  it.each([
    ['line feeds', '\n'],
    ['carriage returns with line feeds', '\r\n'],
    ['bare carriage returns', '\r'],
  ])('takes lines that end in %s', async (_, end) => {
    const records = await read(['a,b', '1,2', '3,4', ''].join(end));
    expect(records.map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('drops a byte order mark and the blanks around cells, keeping those within', async () => {
    const [header, row] = await read('\uFEFFa , b\n 2025-01-01 00:00:00\t,x \n');
    expect(header!.cells).toEqual(['a', 'b']);
    expect(row!.cells).toEqual(['2025-01-01 00:00:00', 'x']);
  });

  it('goes on with a parser at the first quote, lines counted through', async () => {
    const plain = Array.from({ length: 40_000 }, (_, i) => `${i},plain\n`).join('');
    const records = await read(`${plain}40000,"with, comma"\n40001,"two\nlines"\n40002,"a ""word"""\n`);
    expect(records.slice(-4)).toEqual([
      { cells: ['39999', 'plain'], line: 40_000 },
      { cells: ['40000', 'with, comma'], line: 40_001 },
      { cells: ['40001', 'two\nlines'], line: 40_002 },
      { cells: ['40002', 'a "word"'], line: 40_004 },
    ]);
    expect(records).toHaveLength(40_003);
  });

  it('hands on what came before a quote that is not closed', async () => {
    const file = path.join(folder, 'table.csv');
    await writeFile(file, 'a,b\n1,2\n3,"4\n');
    const records: CsvRecord[] = [];
    const reading = (async () => {
      for await (const batch of readCsvRecords(file)) records.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'csv-broken' });
    expect(records).toHaveLength(2);
  });

  it('cuts no letter in two where chunks of the file meet', async () => {
    const name = 'Überlandleitung-Ø-電線';
    const records = await read(Array.from({ length: 30_000 }, (_, i) => `${i},${name}\n`).join(''));
    expect(records).toHaveLength(30_000);
    expect(records.every(({ cells }) => cells[1] === name)).toBe(true);
  });

  it('says the same of a file whether it is split or parsed', async () => {
    const random = createRandom(7);
    const pick = (choices: readonly string[]): string =>
      choices[Math.floor(random.uniform() * choices.length)]!;
    const pieces = ['1.5', '', ' ', 'x y', '\t', ',', ',', ',', '\n', '\n', '\r\n', '-', 'é'];
    for (let round = 0; round < 200; round++) {
      const text = Array.from({ length: 60 }, () => pick(pieces)).join('');
      const split = await read(`head\n${text}\n`);
      // A quoted first cell makes a parser read all of it.
      const parsed = await read(`"head"\n${text}\n`);
      expect(split, JSON.stringify(text)).toEqual(parsed);
    }
  });

  it.each([
    ['is not there', 'missing.csv', /there is no such file/],
    ['is a folder', '.', /it is a folder/],
  ])('says so when the file %s', async (_, name, message) => {
    const reading = readCsvRecords(path.join(folder, name)).next();
    await expect(reading).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(readCsvRecords(path.join(folder, name)).next()).rejects.toThrow(message);
  });
});
