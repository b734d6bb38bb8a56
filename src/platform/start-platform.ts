/** Brings up what every role stands on, in order, and takes it down in the opposite order. */
import path from 'node:path';
import type { Settings } from '../settings.ts';
import { BlobStore } from './blobs/blob-store.ts';
import { readBrokerTls, type BrokerTls } from './mqtt/broker-tls.ts';
import { startEmbeddedBroker } from './mqtt/embedded-broker.ts';
import { lockDataFolder } from './ops/data-folder-lock.ts';
import type { Logger } from './ops/logger.ts';
import { migrationsFolder } from './project-root.ts';
import { Database } from './storage/database.ts';
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts';
import { FLAVOURS, migrate, type MigrationReport } from './storage/migrate.ts';

export interface Platform {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly database: Database;
  readonly migration: MigrationReport;
  readonly blobs: BlobStore;
  readonly mqttUrl: string;
  readonly mqttTls: BrokerTls;
  /** True when nobody else can be working on the database: it is embedded and the folder is locked. */
  readonly ownsDatabase: boolean;
  readonly folders: { readonly training: string; readonly models: string };
  stop(): Promise<void>;
}

/** What is told while the platform comes up; the demo shows it, the server logs it. */
export type StartListener = (step: 'database' | 'migrations' | 'broker') => void;

/** @throws Failure with one line that says what to do; whatever was started before is stopped again */
export async function startPlatform(
  settings: Settings,
  logger: Logger,
  onStep: StartListener = () => {},
): Promise<Platform> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) {
      // One part that will not end must not keep the others running.
      await step().catch((error: unknown) =>
        logger.error({ err: error }, 'a part of the platform did not stop'),
      );
    }
  };
  try {
    const ownsDatabase = settings.DATABASE_URL === undefined;
    if (ownsDatabase) {
      const lock = await lockDataFolder(settings.DATA_DIR);
      undo.push(() => lock.release());
    }

    onStep('database');
    const databaseUrl = settings.DATABASE_URL ?? (await startOwnPostgres(settings, undo));
    onStep('migrations');
    const migration = await migrate(databaseUrl, migrationsFolder);
    sayFlavour(logger, migration);
    const database = new Database(databaseUrl);
    undo.push(() => database.close());

    onStep('broker');
    const mqttTls = await readBrokerTls(settings);
    const mqttUrl = settings.MQTT_URL ?? (await startOwnBroker(settings, undo));
    const blobs = new BlobStore(path.join(settings.DATA_DIR, 'blobs'));
    await blobs.prepare(ownsDatabase);
    const folders = {
      training: path.join(settings.DATA_DIR, 'training'),
      models: path.join(settings.DATA_DIR, 'models'),
    };
    return { settings, logger, database, migration, blobs, mqttUrl, mqttTls, ownsDatabase, folders, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwnPostgres(settings: Settings, undo: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres(path.join(settings.DATA_DIR, 'postgres'));
  undo.push(() => postgres.stop());
  return postgres.url;
}

async function startOwnBroker(settings: Settings, undo: (() => Promise<void>)[]): Promise<string> {
  const broker = await startEmbeddedBroker(settings.MQTT_PORT, settings.MQTT_BROKER_LOGIN);
  undo.push(() => broker.stop());
  return broker.url;
}

function sayFlavour(logger: Logger, migration: MigrationReport): void {
  const { flavour, serverVersion, applied, chunks, warnings } = migration;
  logger.info({ flavour, serverVersion, applied, chunks }, `database ready; ${FLAVOURS[flavour]}`);
  for (const warning of warnings) logger.warn(`migration went on without something: ${warning}`);
}
