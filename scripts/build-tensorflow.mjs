// Builds native TensorFlow for training: `npm run tensorflow`; `-- --help` says what can be asked of it.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileBinding, nodeHeadersPrefix } from './tensorflow/compile-binding.mjs';
import { findCompiler, findPython, hasNvidiaDriver } from './tensorflow/find-tools.mjs';
import { installWheel, wheelFor } from './tensorflow/install-wheel.mjs';
import { linkLibraries } from './tensorflow/link-libraries.mjs';
import { lastLines, runCommand } from './tensorflow/run-command.mjs';
import { StepFailed } from './tensorflow/step-failed.mjs';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const HELP = `Usage: npm run tensorflow [-- options]

Builds the native TensorFlow binding (Linux; needs Python 3.10 to 3.13, make, g++ and 1.5 GB of disk).
Without it everything still runs on WebAssembly, save training of convolutions.

  --check         only report what is there and what is missing
  --force         build again even if the binding works
  --cache DIR     where TensorFlow's libraries go (default: .cache/tensorflow in the project)
  --help          show this`;

const say = (line) => process.stdout.write(`${line}\n`);

/** @returns {Promise<{ ok: true, text: string } | { ok: false, text: string }>} */
async function verify() {
  const script = join(PROJECT, 'scripts', 'tensorflow', 'verify-native.mjs');
  const { ok, stdout, output } = await runCommand(process.execPath, [script], {
    cwd: PROJECT,
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (!ok) return { ok: false, text: lastLines(output) };
  const { tensorflow, device } = JSON.parse(lastLines(stdout, 1));
  return { ok: true, text: `TensorFlow ${tensorflow} loads and runs a convolution on the ${device}` };
}

function findPackage() {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    throw new StepFailed('The package @tensorflow/tfjs-node-gpu is not installed.', 'Run npm ci first.');
  }
}

async function check() {
  const report = async (name, find) => {
    try {
      say(`${name}: ${await find()}`);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      say(`${name}: missing. ${error.message}`);
    }
  };
  await report('Python', async () => {
    const { executable, version } = await findPython();
    return `${version} (${executable})`;
  });
  await report('Compiler', findCompiler);
  say(`Node.js headers: ${nodeHeadersPrefix() ?? 'not beside this Node.js; node-gyp would fetch them'}`);
  say(`NVIDIA driver: ${(await hasNvidiaDriver()) ? 'answers' : 'none'}`);
  const { ok, text } = await verify();
  say(ok ? `Binding: ${text}.` : 'Binding: not built, or does not load. Run npm run tensorflow.');
  return ok;
}

async function build({ force, cacheFolder }) {
  if (process.platform !== 'linux') {
    throw new StepFailed(
      `Native TensorFlow is built on Linux only, and this is ${process.platform}.`,
      'Use the WebAssembly backend here, which needs nothing, or train on a Linux machine.',
    );
  }
  const packageFolder = findPackage();
  const before = await verify();
  if (before.ok && !force) {
    say(`Nothing to do: ${before.text}. (--force builds it again.)`);
    return;
  }
  say(`[1/5] Compiler: ${await findCompiler()}`);
  const system = await findPython();
  say(`[2/5] Python: ${system.version} (${system.executable})`);
  const cuda = await hasNvidiaDriver();
  const why = cuda ? 'an NVIDIA driver answers' : 'no NVIDIA driver answers';
  say(`[3/5] Installing ${wheelFor(cuda).args.at(-1)} (${why}) into ${cacheFolder} …`);
  await mkdir(cacheFolder, { recursive: true });
  const { python, sitePackages } = await installWheel({ systemPython: system.executable, cacheFolder, cuda });
  await linkLibraries(packageFolder, sitePackages);
  say('[4/5] Compiling the binding, about 20 seconds …');
  await compileBinding({ packageFolder, python, logFile: join(cacheFolder, 'build.log') });
  const after = await verify();
  if (!after.ok) {
    throw new StepFailed(
      'The binding was built but does not work.',
      'What it said stands above.',
      after.text,
    );
  }
  say(`[5/5] ${after.text}.`);
}

async function main() {
  let options;
  try {
    ({ values: options } = parseArgs({
      options: {
        check: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        cache: { type: 'string', default: join(PROJECT, '.cache', 'tensorflow') },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}\n`);
    return 2;
  }
  if (options.help) {
    say(HELP);
    return 0;
  }
  try {
    if (options.check) return (await check()) ? 0 : 1;
    await build({ force: options.force, cacheFolder: resolve(options.cache) });
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.detail !== '') process.stderr.write(`${error.detail}\n\n`);
    process.stderr.write(`Native TensorFlow: ${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main();
