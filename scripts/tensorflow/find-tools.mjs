// Finds what the build needs on this machine: a Python that TensorFlow has a wheel for, and a C++ compiler.
import { runCommand } from './run-command.mjs';
import { StepFailed } from './step-failed.mjs';

/** Minor versions of Python 3 for which TensorFlow 2.21 has wheels. */
const PYTHON_MINORS = [13, 12, 11, 10];
const PYTHON_NAMES = ['python3', ...PYTHON_MINORS.map((minor) => `python3.${minor}`), 'python'];

const DESCRIBE_PYTHON = `
import importlib.util, json, sys
print(json.dumps({
  "executable": sys.executable,
  "version": list(sys.version_info[:2]),
  "venv": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
}))
`;

/** @returns {Promise<{ executable: string, version: string }>} */
export async function findPython() {
  const tooOldOrNew = [];
  const withoutVenv = [];
  for (const name of PYTHON_NAMES) {
    const { ok, stdout } = await runCommand(name, ['-c', DESCRIBE_PYTHON]);
    if (!ok) continue;
    const { executable, version, venv } = JSON.parse(stdout);
    const label = `${name} is ${version.join('.')}`;
    if (version[0] !== 3 || !PYTHON_MINORS.includes(version[1])) tooOldOrNew.push(label);
    else if (!venv) withoutVenv.push(label);
    else return { executable, version: version.join('.') };
  }
  if (withoutVenv.length > 0) {
    throw new StepFailed(
      `Python is here (${withoutVenv[0]}) but cannot make virtual environments.`,
      'Install its venv module (Debian, Ubuntu: apt install python3-venv) and run this again.',
    );
  }
  throw new StepFailed(
    `No Python 3.10 to 3.13 was found${tooOldOrNew.length > 0 ? ` (${tooOldOrNew.join(', ')})` : ''}.`,
    'Install one (Debian, Ubuntu: apt install python3 python3-venv) and run this again.',
  );
}

/** @returns {Promise<string>} the compiler's first line about itself */
export async function findCompiler() {
  for (const tool of ['make', 'g++']) {
    const { ok } = await runCommand(tool, ['--version']);
    if (!ok) {
      throw new StepFailed(
        `The program ${tool} was not found, and the binding has to be compiled.`,
        'Install a C++ compiler and make (Debian, Ubuntu: apt install build-essential) and run this again.',
      );
    }
  }
  const { stdout } = await runCommand('g++', ['--version']);
  return stdout.split('\n', 1)[0];
}

/** Whether an NVIDIA driver answers: only then is the CUDA wheel (ten times the size) worth its download. */
export async function hasNvidiaDriver() {
  return (await runCommand('nvidia-smi', ['--list-gpus'])).ok;
}
