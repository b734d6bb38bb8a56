import 'reflect-metadata';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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

  it('listens when the application is up, counts, tells its health, and gets what came while it was down', async () => {
    const broker = await startEmbeddedBroker(0);
    const metrics = new Metrics();
    const health = new Health();
    const values = [
      { provide: Metrics, useValue: metrics },
      { provide: Health, useValue: health },
    ];
    const parts: DynamicModule = {
      module: Parts,
      global: true,
      providers: values,
      exports: [Metrics, Health],
    };
    const platform = {
      database: database(),
      logger: createLogger('silent'),
      mqttUrl: broker.url,
      settings: readSettings({ DATA_DIR: folder }, {}),
    } as Platform;
    const start = () =>
      NestFactory.createApplicationContext(
        { module: class {}, imports: [parts, IngestModule.of(platform)] },
        { logger: false, abortOnError: false },
      );
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
});
