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
/** The command line, for child processes: needs a build. */
export const spanwatchCommand = path.join(projectRoot, 'bin', 'spanwatch.js');

/** Weights that ship with a model lie beside its code. @param variant of them, where there are several */
export function shippedModelFolder(model: string, variant?: string): string {
  const folder = variant === undefined ? 'weights' : `weights-${variant}`;
  return path.join(projectRoot, 'src', 'catalogue', 'models', model, folder);
}

/** The version in package.json. */
export const projectVersion = (
  JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }
).version;
