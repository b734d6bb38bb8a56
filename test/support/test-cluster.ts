/** Starts one real PostgreSQL for the whole test run, or uses the one that DATABASE_URL names. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { startEmbeddedPostgres } from '../../src/platform/storage/embedded-postgres.ts';
import { migrate, type MigrationReport } from '../../src/platform/storage/migrate.ts';
import { readSettings } from '../../src/settings.ts';
import { closeDatabase, createDatabase, databaseUrl, TEMPLATE } from './database-admin.ts';

declare module 'vitest' {
  interface ProvidedContext {
    clusterUrl: string;
  }
}

export default async function startCluster(project: TestProject): Promise<() => Promise<void>> {
  const given = readSettings().DATABASE_URL;
  const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-test-'));
  const cluster = given
    ? { url: given, stop: async () => {} }
    : await startEmbeddedPostgres(path.join(folder, 'postgres'));
  const report = await prepareTemplate(cluster.url).catch(async (error: unknown) => {
    await cluster.stop();
    throw error;
  });
  process.stdout.write(`Tests run on ${report.flavour} ${report.serverVersion}.\n`);
  project.provide('clusterUrl', cluster.url);
  return async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function prepareTemplate(clusterUrl: string): Promise<MigrationReport> {
  await createDatabase(clusterUrl, TEMPLATE);
  const report = await migrate(databaseUrl(clusterUrl, TEMPLATE), migrationsFolder);
  await closeDatabase(clusterUrl, TEMPLATE);
  return report;
}
