/** Where the project's own files lie: migrations and shipped weights are read from here, built or not. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function findProjectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

export const projectRoot = findProjectRoot();
export const migrationsFolder = path.join(projectRoot, 'migrations');
/** Static files of the page on which people review. */
export const reviewPageFolder = path.join(projectRoot, 'src', 'features', 'review', 'page');
/** The command line, for child processes: needs a build. */
export const spanwatchCommand = path.join(projectRoot, 'bin', 'spanwatch.js');

/** Weights that ship with a model lie beside its code. */
export function shippedModelFolder(model: string): string {
  return path.join(projectRoot, 'src', 'catalogue', 'models', model, 'weights');
}

/** The version in package.json. */
export const projectVersion = (
  JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }
).version;
