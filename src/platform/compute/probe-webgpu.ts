/** Asks in another process which WebGPU adapter answers: Dawn warns on stderr, and a broken driver crashes. */
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface WebgpuAdapter {
  readonly name: string;
  /** Computed by the processor: lavapipe, SwiftShader. */
  readonly software: boolean;
}

/** It ends by force: some drivers hold the event loop for as long as the GPU object lives. */
const QUESTION = `
const { create } = await import(process.argv[1]);
const gpu = create([]);
const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
const info = adapter?.info;
const answer = info ? { name: info.description || info.device, software: info.isFallbackAdapter } : null;
process.stdout.write(JSON.stringify(answer), () => process.exit());
`;
/** A cold driver on a busy machine takes one or two. */
const PATIENCE_MS = 15_000;

/**
 * @param dawn the file of the package `webgpu`
 * @returns null where no adapter answers; throws where the process cannot be asked
 */
export async function probeWebgpu(dawn: string): Promise<WebgpuAdapter | null> {
  const words = ['--input-type=module', '--eval', QUESTION, pathToFileURL(dawn).href];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: PATIENCE_MS });
    return JSON.parse(stdout) as WebgpuAdapter | null;
  } catch (error) {
    throw new Error(whyNoAnswer(error as End), { cause: error });
  }
}

interface End {
  readonly killed?: boolean;
  readonly signal?: string;
  readonly stderr?: string;
}

function whyNoAnswer(end: End): string {
  if (end.killed) return `its driver does not answer within ${PATIENCE_MS / 1000} s`;
  if (end.signal) return `its driver crashes the process that asks it (${end.signal})`;
  const problem = end.stderr?.split('\n').find((line) => line.includes('Error: '));
  return problem ?? 'asking for an adapter failed';
}
