/** Starts the whole platform on free ports over a test database and an empty data folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { startSpanwatch, type Spanwatch } from '../../src/main.ts';
import { readSettings, type SettingName } from '../../src/settings.ts';

export interface TestSpanwatch extends Spanwatch {
  readonly dataFolder: string;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export async function startTestSpanwatch(
  databaseUrl: string,
  overrides: Partial<Record<SettingName, string>> = {},
): Promise<TestSpanwatch> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'spanwatch-e2e-'));
  const settings = readSettings(
    // wasm: what a newcomer has, whatever is built on this machine.
    {
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataFolder,
      PORT: '0',
      MQTT_PORT: '0',
      TFJS_BACKEND: 'wasm',
      ...overrides,
    },
    {},
  );
  const spanwatch = await startSpanwatch(settings, pino({ level: 'silent' }));
  const remove = async () => {
    await spanwatch.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  return { ...spanwatch, dataFolder, remove };
}
