/** Picks what computes in this process: native TensorFlow, WebGPU, WebAssembly or plain JavaScript, and says why. */
import * as tf from '@tensorflow/tfjs';
import { BadInput, Broken } from '../../core/domain/failure.ts';
import { findNativeBinding, loadNative } from './load-native.ts';
import { loadWasm } from './load-wasm.ts';
import { loadWebgpu, unloadWebgpu } from './load-webgpu.ts';
import { selfTest } from './self-test.ts';

export type BackendName = 'native' | 'webgpu' | 'wasm' | 'cpu';
export type BackendRequest = 'auto' | BackendName;

export interface Compute {
  readonly backend: BackendName;
  readonly device: 'cpu' | 'gpu';
  /** Why this one, as a sentence for the log and for `spanwatch doctor`. */
  readonly reason: string;
  readonly passedOver: readonly { backend: BackendName; reason: string }[];
  /** By name: `tfjs`, with `tensorflow` where it is native and `dawn` where it is WebGPU. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a backend says of itself once it is current; `unavailable` says why it cannot be. */
export type Started =
  { device: 'cpu' | 'gpu'; what: string; versions: Record<string, string> } | { unavailable: string };

export interface Candidate {
  readonly backend: BackendName;
  /** @param byName somebody insists on this one, fast or not */
  readonly start: (byName: boolean) => Promise<Started>;
  /** Undoes a start whose results turned out to be wrong. */
  readonly stop?: () => void;
}

/** Fastest first. */
export const CANDIDATES: readonly Candidate[] = [
  { backend: 'native', start: startNative },
  { backend: 'webgpu', start: startWebgpu, stop: unloadWebgpu },
  { backend: 'wasm', start: startWasm },
  { backend: 'cpu', start: startCpu },
];

/**
 * Makes the backend current for everything that imports `@tensorflow/tfjs`: all its packages share one
 * engine. TensorFlow's own start-up lines on stderr stop only if TF_CPP_MIN_LOG_LEVEL is in the
 * environment before the process starts.
 */
export async function prepareCompute(request: BackendRequest, candidates = CANDIDATES): Promise<Compute> {
  tf.enableProdMode(); // otherwise the library prints advice for beginners on stderr
  const asked = candidates.filter((candidate) => request === 'auto' || candidate.backend === request);
  const passedOver: { backend: BackendName; reason: string }[] = [];
  for (const candidate of asked) {
    const { backend } = candidate;
    const started = await tryOut(candidate, request !== 'auto');
    if ('unavailable' in started) {
      passedOver.push({ backend, reason: started.unavailable });
      continue;
    }
    const { device, what, versions } = started;
    const choice = request === 'auto' ? 'the fastest that works here' : 'as asked for';
    return {
      backend,
      device,
      reason: `${what}, ${choice}`,
      passedOver,
      versions: { tfjs: tf.version.tfjs, ...versions },
    };
  }
  const problems = passedOver.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
  if (request === 'auto') throw new Broken('no-backend', `Nothing can compute here (${problems}).`);
  throw new BadInput(
    'backend-not-available',
    `The backend ${request} cannot be used: ${passedOver[0]?.reason ?? 'unknown'}. With auto the best that works is taken.`,
    { request },
  );
}

async function tryOut({ start, stop }: Candidate, byName: boolean): Promise<Started> {
  try {
    const started = await start(byName);
    if ('unavailable' in started) return started;
    const problem = await selfTest();
    if (problem === undefined) return started;
    stop?.();
    return { unavailable: problem };
  } catch (error) {
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { unavailable: `it does not load: ${firstLine}` };
  }
}

async function startNative(): Promise<Started> {
  if (findNativeBinding() === undefined) {
    return { unavailable: 'its binding is not built (npm run tensorflow builds it)' };
  }
  const { device, tensorflow } = await loadNative();
  const what = `native TensorFlow ${tensorflow} on the ${device === 'gpu' ? 'GPU' : 'CPU'}`;
  return { device, what, versions: { tensorflow } };
}

async function startWebgpu(byName: boolean): Promise<Started> {
  const started = await loadWebgpu({ software: byName });
  if ('unavailable' in started) return started;
  const { device, adapter, dawn } = started;
  return { device, what: `WebGPU on ${adapter}`, versions: { dawn } };
}

async function startWasm(): Promise<Started> {
  const { simd } = await loadWasm();
  return { device: 'cpu', what: simd ? 'WebAssembly with SIMD' : 'WebAssembly without SIMD', versions: {} };
}

async function startCpu(): Promise<Started> {
  if (!(await tf.setBackend('cpu'))) return { unavailable: 'the backend "cpu" did not start' };
  return { device: 'cpu', what: 'plain JavaScript (slow: for tests)', versions: {} };
}
