/** Loads native TensorFlow into the TensorFlow.js engine, if its binding was built here. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

const require = createRequire(import.meta.url);

export interface NativeRuntime {
  readonly device: 'cpu' | 'gpu';
  /** Version of the TensorFlow libraries, which is not that of TensorFlow.js. */
  readonly tensorflow: string;
}

/** The part of tfjs-node's backend that says what it runs on. */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** The compiled binding, `lib/napi-v<N>/tfjs_binding.node`; undefined if nobody ran the build. */
export function findNativeBinding(): string | undefined {
  const library = join(packageFolder('@tensorflow/tfjs-node-gpu'), 'lib');
  if (!existsSync(library)) return undefined;
  return readdirSync(library)
    .map((version) => join(library, version, 'tfjs_binding.node'))
    .find((binding) => existsSync(binding));
}

/** Registers the backend `tensorflow` and makes it current; throws what the loader says if it cannot. */
export async function loadNative(): Promise<NativeRuntime> {
  restoreUtil();
  await import('@tensorflow/tfjs-node-gpu');
  if (!(await tf.setBackend('tensorflow'))) throw new Error('the backend "tensorflow" did not start');
  const backend = tf.backend() as unknown as NodeBackend;
  return { device: backend.isUsingGpuDevice ? 'gpu' : 'cpu', tensorflow: backend.binding.TF_Version };
}

export function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** Node.js 23 dropped these from `util`; tfjs-node 4.22 still calls them. */
function restoreUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
