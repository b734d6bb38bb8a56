import 'reflect-metadata';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngestModule } from '../../src/features/ingest/ingest.module.ts';
import { startEmbeddedBroker } from '../../src/platform/mqtt/embedded-broker.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { Health } from '../../src/platform/ops/health.ts';
import { createLogger } from '../../src/platform/ops/logger.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import type { Platform } from '../../src/platform/start-platform.ts';
import { readSettings } from '../../src/settings.ts';
import { double, T0 } from '../support/edge-node-script.ts';
import { EdgeNodeSimulator } from '../support/edge-node-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { withTestDatabase } from '../support/test-database.ts';

class Parts {}

describe('ingest module', () => {
  const { database } = withTestDatabase();
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-ingest-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function prepare(mqttUrl: string, environment: Record<string, string> = {}) {
    const metrics = new Metrics();
    const health = new Health();
    const parts: DynamicModule = {
      module: Parts,
      global: true,
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: Health, useValue: health },
      ],
      exports: [Metrics, Health],
    };
    const platform = {
      database: database(),
      logger: createLogger('silent'),
      mqttUrl,
      settings: readSettings({ DATA_DIR: folder }, environment),
    } as Platform;
    const start = () =>
      NestFactory.createApplicationContext(
        { module: class {}, imports: [parts, IngestModule.of(platform)] },
        { logger: false, abortOnError: false },
      );
    return { start, metrics, health };
  }

  it('listens when the application is up, counts, tells its health, and gets what came while it was down', async () => {
    const broker = await startEmbeddedBroker(0);
    const { start, metrics, health } = prepare(broker.url);
    const app = await start();
    expect(await health.readiness()).toEqual({ ready: true, parts: { ingest: 'ready' } });
    const clientId = await readFile(path.join(folder, 'mqtt-client-id'), 'utf8');

    const publisher = await connectPublisher(broker.url);
    const reading = { observedAt: '2026-01-01T00:00:00Z', airCelsius: 1 };
    const topic = 'spanwatch/v1/north/T-1/sky/weather';
    await publisher.publish(topic, JSON.stringify(reading));
    await publisher.publish(topic, JSON.stringify([reading, { ...reading, airCelsius: 999 }]));
    const text = async () => metrics.registry.metrics();
    await eventually(async () => expect(await text()).toMatch(/spanwatch_readings_duplicate_total 1\b/));
    expect(await text()).toMatch(/spanwatch_readings_stored_total 1\b/);
    expect(await text()).toMatch(/spanwatch_messages_rejected_total\{reason="quantity-implausible"\} 1\b/);

    await app.close();
    expect((await health.readiness()).parts.ingest).toBe('The MQTT broker is not connected.');
    await publisher.publish(topic, JSON.stringify({ ...reading, observedAt: '2026-01-01T00:10:00Z' }));
    const again = await start();
    expect(await readFile(path.join(folder, 'mqtt-client-id'), 'utf8')).toBe(clientId);
    await eventually(async () => expect(await text()).toMatch(/spanwatch_readings_stored_total 2\b/));
    await again.close();
    await publisher.close();
    await broker.stop();
  });

  it('opens the Sparkplug door where it has a host id, with the map that is named', async () => {
    const broker = await startEmbeddedBroker(0);
    const file = path.join(folder, 'map.yaml');
    const rule =
      "{ group: g, node: n, device: d, sensor: mapped, kind: impedance, channels: { loadAmpere: 'I' } }";
    await writeFile(file, `sensors: [${rule}]`);
    const environment = { SPARKPLUG_HOST_ID: 'spanwatch', SPARKPLUG_MAP: file, SPARKPLUG_REORDER_MS: '0' };
    const { start, metrics, health } = prepare(broker.url, environment);
    const app = await start();
    expect(await health.readiness()).toEqual({ ready: true, parts: { ingest: 'ready', sparkplug: 'ready' } });
    const node = new EdgeNodeSimulator({
      url: broker.url,
      group: 'g',
      node: 'n',
      devices: { d: [double('I', 7)] },
    });
    await node.connect();
    const text = async () => metrics.registry.metrics();
    await eventually(async () => expect(await text()).toMatch(/spanwatch_readings_stored_total 1\b/));
    node.script.skip();
    node.send('d', [double('I', 8, { timestampMs: T0 + 1_000 })]);
    await eventually(() => expect(node.births).toBe(2));
    await eventually(async () => expect(await text()).toMatch(/spanwatch_readings_stored_total 2\b/));
    expect(await text()).toMatch(/spanwatch_sparkplug_rebirths_total 1\b/);
    expect(await text()).toMatch(/spanwatch_sparkplug_out_of_order_total 1\b/);
    await app.close();
    expect((await health.readiness()).parts.sparkplug).toBe('The MQTT broker is not connected.');
    const { rows } = await database().query(
      "SELECT load_ampere FROM impedance_reading WHERE sensor_id = 'mapped' ORDER BY observed_at",
    );
    expect(rows).toEqual([{ load_ampere: 7 }, { load_ampere: 8 }]);
    await node.stop();
    await broker.stop();
  });

  it('does not start with a map that is wrong, and says why', async () => {
    const environment = { SPARKPLUG_HOST_ID: 'spanwatch', SPARKPLUG_MAP: path.join(folder, 'none.yaml') };
    const { start } = prepare('mqtt://127.0.0.1:1', environment);
    await expect(start()).rejects.toThrow(/none.yaml can't be read: ENOENT/);
  });
});
