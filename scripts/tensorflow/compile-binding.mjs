// Compiles the Node.js binding of @tensorflow/tfjs-node-gpu against the libraries linked beside it.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailed } from './step-failed.mjs';

/** Where this Node.js keeps its own headers, if it came with them: then nothing needs to be downloaded. */
export function nodeHeadersPrefix() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : undefined;
}

export async function compileBinding({ packageFolder, python, logFile }) {
  const requireFromPackage = createRequire(join(packageFolder, 'package.json'));
  const nodePreGyp = join(
    dirname(requireFromPackage.resolve('@mapbox/node-pre-gyp/package.json')),
    'bin',
    'node-pre-gyp',
  );
  const headers = nodeHeadersPrefix();
  await rm(join(packageFolder, 'lib'), { recursive: true, force: true });
  const build = await runCommand(
    process.execPath,
    [
      nodePreGyp,
      'rebuild',
      '--build-from-source',
      // One Node-API version is enough: the newest that this Node.js and the package both know.
      '--build-latest-napi-version-only',
      `--python=${python}`,
      ...(headers === undefined ? [] : [`--nodedir=${headers}`]),
    ],
    { cwd: packageFolder },
  );
  await writeFile(logFile, build.output);
  if (!build.ok) {
    throw new StepFailed(
      'The binding did not compile.',
      headers === undefined
        ? `This Node.js has no headers beside it; node-gyp needs the network to fetch them. See ${logFile}.`
        : `See ${logFile}.`,
      lastLines(build.output),
    );
  }
}
