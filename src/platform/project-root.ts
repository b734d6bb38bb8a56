/** Where the project's own files lie: migrations and shipped weights are read from here, built or not. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function findProjectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

export const projectRoot = findProjectRoot();
export const migrationsFolder = path.join(projectRoot, 'migrations');
