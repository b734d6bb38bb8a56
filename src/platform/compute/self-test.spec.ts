/** The self-test accepts working backends and catches one that computes wrongly, throws, or returns nonsense. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { loadWasm } from './load-wasm.ts';
import { selfTest } from './self-test.ts';

/** The plain JavaScript backend under another name, with its convolution replaced. */
async function useBackendWithConvolution(name: string, convolve: (count: number) => number): Promise<void> {
  const cpu = tf.engine().findBackendFactory('cpu');
  tf.registerBackend(name, cpu);
  tf.copyRegisteredKernels('cpu', name);
  tf.unregisterKernel('Conv2D', name);
  tf.registerKernel({
    kernelName: 'Conv2D',
    backendName: name,
    kernelFunc: ({ backend }) => {
      const values = Float32Array.from([37, 47, 67, 77], convolve);
      const shape = [1, 2, 2, 1];
      const dataId = (backend as tf.KernelBackend).write(values, shape, 'float32');
      return { dataId, shape, dtype: 'float32' as const };
    },
  });
  await tf.setBackend(name);
}

tf.enableProdMode(); // no advice on stderr

afterEach(async () => {
  await tf.setBackend('cpu');
});

describe('selfTest', () => {
  it('knows the answer: image 1..9 under the window 1 2 / 3 4', () => {
    // Row by row: 1·1+2·2+3·4+4·5, 1·2+2·3+3·5+4·6, 1·4+2·5+3·7+4·8, 1·5+2·6+3·8+4·9.
    const byHand = [1 + 4 + 12 + 20, 2 + 6 + 15 + 24, 4 + 10 + 21 + 32, 5 + 12 + 24 + 36];
    expect(byHand).toEqual([37, 47, 67, 77]);
  });

  it('accepts plain JavaScript and WebAssembly, and leaves no tensor behind', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    expect(await selfTest()).toBeUndefined();
    await loadWasm();
    expect(tf.getBackend()).toBe('wasm');
    expect(await selfTest()).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what a wrong backend gave and what was right', async () => {
    await useBackendWithConvolution('off-by-one', (value) => value + 1);
    expect(await selfTest()).toBe('its test convolution gave 38, 48, 68, 78 instead of 37, 47, 67, 77');
  });

  it('does not take NaN for right', async () => {
    await useBackendWithConvolution('not-a-number', () => NaN);
    expect(await selfTest()).toContain('gave NaN');
  });

  it('turns an exception into a reason', async () => {
    await useBackendWithConvolution('throws', () => {
      throw new Error('illegal instruction');
    });
    expect(await selfTest()).toBe('its test convolution failed: illegal instruction');
  });
});
