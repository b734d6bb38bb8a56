// Runs one program to its end and returns what it said, so that each step can judge it.
import { spawn } from 'node:child_process';

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options] `env` is added to the inherited environment
 * @returns {Promise<{ ok: boolean, output: string, stdout: string }>} `output` holds both streams in order;
 *   a program that cannot be started is not ok
 */
export function runCommand(program, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    let output = '';
    let stdout = '';
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ ok: false, output: error.message, stdout: '' }));
    child.on('close', (code) => resolve({ ok: code === 0, output, stdout }));
  });
}

/** The last lines of a program's output, where compilers and pip say what went wrong. */
export function lastLines(output, count = 12) {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
