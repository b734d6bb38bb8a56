// Puts TensorFlow's Python wheel, of which only shared libraries and headers are used, into a cache folder.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailed } from './step-failed.mjs';

export const TENSORFLOW_SERIES = '2.21';

/** What pip is asked for; the CPU wheel without its Python dependencies, since no Python code runs. */
export function wheelFor(cuda) {
  return cuda
    ? { folder: `cuda-${TENSORFLOW_SERIES}`, args: [`tensorflow[and-cuda]==${TENSORFLOW_SERIES}.*`] }
    : { folder: `cpu-${TENSORFLOW_SERIES}`, args: ['--no-deps', `tensorflow-cpu==${TENSORFLOW_SERIES}.*`] };
}

/** @returns {Promise<{ python: string, sitePackages: string }>} */
export async function installWheel({ systemPython, cacheFolder, cuda }) {
  const wheel = wheelFor(cuda);
  const environment = join(cacheFolder, wheel.folder);
  const python = join(environment, 'bin', 'python');
  await makeEnvironment(systemPython, environment, python);

  const pip = await runCommand(python, [
    '-m', 'pip', 'install', '--disable-pip-version-check', '--only-binary=:all:', ...wheel.args,
  ]); // prettier-ignore
  if (!pip.ok) {
    throw new StepFailed(
      `pip could not install ${wheel.args.at(-1)}.`,
      'Check the network, a proxy, and 3 GB of free disk, and run this again.',
      lastLines(pip.output),
    );
  }
  const where = await runCommand(python, ['-c', 'import sysconfig; print(sysconfig.get_paths()["platlib"])']);
  const sitePackages = where.stdout.trim();
  if (!existsSync(join(sitePackages, 'tensorflow', 'libtensorflow_cc.so.2'))) {
    throw new StepFailed(
      `The wheel in ${sitePackages} has no libtensorflow_cc.so.2.`,
      `Delete ${environment} and run this again.`,
    );
  }
  return { python, sitePackages };
}

/** Keeps an environment whose pip works; one that was interrupted, or whose Python is gone, is made anew. */
async function makeEnvironment(systemPython, environment, python) {
  if (existsSync(python) && (await runCommand(python, ['-m', 'pip', '--version'])).ok) return;
  await mkdir(environment, { recursive: true });
  const venv = await runCommand(systemPython, ['-m', 'venv', '--clear', environment]);
  if (!venv.ok) {
    throw new StepFailed(
      `${systemPython} could not make a virtual environment in ${environment}.`,
      'Check that the folder may be written and that the disk is not full.',
      lastLines(venv.output),
    );
  }
}
