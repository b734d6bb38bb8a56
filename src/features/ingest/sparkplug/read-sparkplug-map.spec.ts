/** A map in JSON or YAML is read, and each mistake in it is named with its place. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/domain/failure.ts';
import { mapByRules } from './map-by-rules.ts';
import { readSparkplugMap } from './read-sparkplug-map.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-map-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readText(text: string) {
  const file = path.join(folder, 'map');
  await writeFile(file, text);
  return readSparkplugMap(file);
}

const YAML = `
sensors:
  - group: north
    node: T-*
    device: imp-*
    kind: impedance
    channels:
      resistanceOhm: { metric: Line/R, scale: 0.001 }
      loadAmpere: Line/I
  - { group: '*', node: sky, line: L9, tower: '{group}', sensor: '{group}-sky', kind: weather }
`;

describe('a Sparkplug map', () => {
  it('says which metrics are which channels of which sensor', async () => {
    const mapping = mapByRules(await readText(YAML));
    const [sensor, ...others] = mapping({ group: 'north', node: 'T-7', device: 'imp-7' }, []).sensors;
    expect(others).toEqual([]);
    expect(sensor?.place).toEqual({ lineId: 'north', towerId: 'T-7', sensorId: 'imp-7', kind: 'impedance' });
    expect([...sensor!.channelOf]).toEqual([
      ['Line/R', { channel: 'resistanceOhm', scale: 0.001 }],
      ['Line/I', { channel: 'loadAmpere', scale: 1 }],
    ]);
    const [sky] = mapping({ group: 'G', node: 'sky', device: null }, []).sensors;
    expect(sky?.place).toEqual({ lineId: 'L9', towerId: 'G', sensorId: 'G-sky', kind: 'weather' });
    expect(sky?.channelOf.get('airCelsius')).toEqual({ channel: 'airCelsius', scale: 1 });
  });

  it.each([
    { group: 'south', node: 'T-7', device: 'imp-7' },
    { group: 'north', node: 'XT-7', device: 'imp-7' },
    { group: 'north', node: 'T-7', device: null },
    { group: 'north', node: 'sky', device: 'imp-7' },
  ])('has nothing for $group/$node/$device', async (source) => {
    expect(mapByRules(await readText(YAML))(source, [])).toEqual({ sensors: [], problems: [] });
  });

  it('may be JSON', async () => {
    const rules = await readText(JSON.stringify({ sensors: [{ group: 'a', node: 'b', kind: 'weather' }] }));
    expect(rules).toEqual([{ group: 'a', node: 'b', line: '{group}', tower: '{node}', kind: 'weather' }]);
  });

  it('names every mistake at once', async () => {
    const wrong = `
sensors:
  - { group: a, node: b, kind: thermal }
  - { group: a, node: b, device: c, kind: weather, channels: { loadAmpere: x } }
  - { group: a, node: b, device: c, kind: weather, channels: { airCelsius: { metric: x, scale: 0 } } }
  - { group: a, node: b, device: c, kind: weather, channels: { airCelsius: x, windMetrePerSecond: x } }
  - { group: a, node: b, sensor: '{device}', kind: weather }
  - { group: a, kind: weather, tower: 7, colour: red }
`;
    const error = await readText(wrong).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BadInput);
    const problems = (error as Error).message.replace(/^SPARKPLUG_MAP=\S+ is wrong: /, '').split(' | ');
    expect(problems).toEqual([
      'sensors[0].kind must be one of impedance, weather',
      expect.stringMatching(
        /^sensors\[1\]\.channels\.loadAmpere is no channel of weather, which has airCelsius,/,
      ),
      'sensors[2].channels.airCelsius.scale must not be 0',
      "sensors[3].channels give 'x' to two channels",
      'sensors[4].sensor has {device}, but the rule is for an edge node’s own metrics: give it a device',
      'sensors[5].node must be the edge node, * for any characters',
      "sensors[5].tower must be the tower's id, {group}, {node} and {device} put in",
      expect.stringMatching(/^sensors\[5\] .*colour/),
    ]);
  });

  it('is refused with its name when it is not there or is no YAML', async () => {
    await expect(readSparkplugMap(path.join(folder, 'none'))).rejects.toThrow(/none can't be read: ENOENT/);
    await expect(readText('sensors: [')).rejects.toThrow(BadInput);
    await expect(readText('[]')).rejects.toThrow(/is wrong: the file /);
  });
});
