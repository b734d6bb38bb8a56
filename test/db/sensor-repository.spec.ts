import { describe, expect, it } from 'vitest';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const place = (number: number, towerId = `T-${number}`) => ({
  lineId: 'north',
  towerId,
  sensorId: `s-${number}`,
  kind: 'impedance',
});

describe('sensor repository', () => {
  const { database } = withTestDatabase();

  it('registers line, tower and sensor once, however often and from however many at a time', async () => {
    const places = Array.from({ length: 50 }, (_, index) => place(index));
    const repositories = Array.from({ length: 8 }, () => new SensorRepository(database()));
    await Promise.all(
      repositories.map((repository, index) =>
        repository.register(index % 2 === 0 ? places : [...places].reverse()),
      ),
    );
    for (const repository of repositories) expect(repository.known('s-7')).toEqual(place(7));
    const { rows } = await database().query(
      'SELECT (SELECT count(*)::int FROM line) AS lines, (SELECT count(*)::int FROM tower) AS towers, (SELECT count(*)::int FROM sensor) AS sensors',
    );
    expect(rows).toEqual([{ lines: 1, towers: 50, sensors: 50 }]);
  });

  it('leaves a sensor where it is when another place is registered for it', async () => {
    const repository = new SensorRepository(database());
    await repository.register([place(100)]);
    await new SensorRepository(database()).register([place(100, 'T-elsewhere')]);
    await repository.load(['s-100']);
    expect(repository.known('s-100')?.towerId).toBe('T-100');
  });

  it('knows nothing of a sensor that was not loaded, and loads those there are', async () => {
    await new SensorRepository(database()).register([place(200)]);
    const repository = new SensorRepository(database());
    expect(repository.known('s-200')).toBeUndefined();
    await repository.load(['s-200', 's-never']);
    expect(repository.known('s-200')).toEqual(place(200));
    expect(repository.known('s-never')).toBeUndefined();
  });

  it('takes a position that is given, and keeps it when none is', async () => {
    const repository = new SensorRepository(database());
    const tower = { lineId: 'north', towerId: 'T-300' };
    const position = async () =>
      (
        await database().query(
          "SELECT latitude_deg AS lat, longitude_deg AS lon FROM tower WHERE tower_id = 'T-300'",
        )
      ).rows[0];
    await repository.registerTowers([{ ...tower, latitudeDeg: null, longitudeDeg: null }]);
    expect(await position()).toEqual({ lat: null, lon: null });
    await repository.registerTowers([{ ...tower, latitudeDeg: 46.5, longitudeDeg: -1.25 }]);
    await repository.registerTowers([{ ...tower, latitudeDeg: null, longitudeDeg: null }]);
    expect(await position()).toEqual({ lat: 46.5, lon: -1.25 });
  });
});
