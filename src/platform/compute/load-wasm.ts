/** Starts the WebAssembly backend from the package's own files. */
import { join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { packageFolder } from './load-native.ts';

export interface WasmRuntime {
  readonly simd: boolean;
}

export async function loadWasm(): Promise<WasmRuntime> {
  // The backend looks for its .wasm files beside the script that started the process unless told.
  setWasmPaths(join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist') + sep);
  await withoutNewListeners(async () => {
    if (!(await tf.setBackend('wasm'))) throw new Error('the backend "wasm" did not start');
  });
  return { simd: Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) };
}

/** The module installs process-wide error listeners that rethrow; how this process ends is not its business. */
async function withoutNewListeners(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  try {
    await start();
  } finally {
    for (const [event, known] of before) {
      for (const listener of process.rawListeners(event)) {
        if (!known.includes(listener)) process.removeListener(event, listener as () => void);
      }
    }
  }
}
