/** Runs the built command as a process of its own, to be waited for or killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { spanwatchCommand } from '../../src/platform/project-root.ts';
import { waitFor } from './wait-for.ts';

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** @returns its exit code; null when it was killed */
  ended(): Promise<number | null>;
  kill(): Promise<void>;
}

/** @param prefix words of a command that runs ours, such as `unshare --mount` */
export function runCommand(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  prefix: readonly string[] = [],
): RunningCommand {
  const [program, ...rest] = [...prefix, process.execPath, spanwatchCommand, ...words];
  const env = { PATH: process.env['PATH'], PORT: '0', MQTT_PORT: '0', TFJS_BACKEND: 'wasm', ...settings };
  const child = spawn(program!, rest, { env });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    return child.exitCode;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await ended();
  };
  return { child, output: () => output, errors: () => errors, ended, kill };
}

/** @returns where the started platform listens */
export async function serviceUrl({ child, output, errors }: RunningCommand): Promise<string> {
  let url: string | undefined;
  await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`It ended: ${errors()}`);
    const line = output()
      .split('\n')
      .find((each) => each.includes('Spanwatch is up'));
    url = line ? (JSON.parse(line) as { url: string }).url : undefined;
    return Promise.resolve(url !== undefined);
  }, 60_000);
  return url!;
}
