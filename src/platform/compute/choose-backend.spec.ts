/** Which backend is taken, which are passed over and why, with real backends and with ones that fail. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BadInput, Broken } from '../../core/domain/failure.ts';
import { prepareCompute, type Candidate } from './choose-backend.ts';
import { findNativeBinding } from './load-native.ts';

const nativeIsBuilt = findNativeBinding() !== undefined;
const absent: Candidate = {
  backend: 'native',
  start: () => Promise.resolve({ unavailable: 'its binding is not built' }),
};
const failing: Candidate = {
  backend: 'wasm',
  start: () => Promise.reject(new Error('cannot open file\nat line 3')),
};

async function startCpu() {
  await tf.setBackend('cpu');
  return { device: 'cpu' as const, what: 'plain JavaScript', versions: {} };
}

describe('prepareCompute', () => {
  it('starts WebAssembly with SIMD and leaves the process only its own error listeners', async () => {
    const listeners = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
    const before = listeners();
    const compute = await prepareCompute('wasm'); // the first start of this process, so nothing is cached
    expect(compute.reason).toBe('WebAssembly with SIMD, as asked for');
    expect(listeners()).toEqual(before);
  });

  it.each(['cpu', 'wasm'] as const)('makes %s current when asked for it', async (request) => {
    const compute = await prepareCompute(request);
    expect(compute).toMatchObject({ backend: request, device: 'cpu', passedOver: [] });
    expect(compute.reason).toMatch(/as asked for$/);
    expect(tf.getBackend()).toBe(request);
    expect(compute.versions['tfjs']).toMatch(/^4\.\d+\.\d+$/);
  });

  it('passes over what is absent and what does not load, with the first line of each reason', async () => {
    const compute = await prepareCompute('auto', [absent, failing, { backend: 'cpu', start: startCpu }]);
    expect(compute.backend).toBe('cpu');
    expect(compute.reason).toBe('plain JavaScript, the fastest that works here');
    expect(compute.passedOver).toEqual([
      { backend: 'native', reason: 'its binding is not built' },
      { backend: 'wasm', reason: 'it does not load: cannot open file' },
    ]);
  });

  it('refuses a backend that was asked for by name and does not work, instead of taking another', async () => {
    const refused = prepareCompute('native', [absent, { backend: 'cpu', start: startCpu }]);
    await expect(refused).rejects.toBeInstanceOf(BadInput);
    await expect(refused).rejects.toThrow('The backend native cannot be used: its binding is not built.');
  });

  it('is broken where nothing works at all', async () => {
    await expect(prepareCompute('auto', [absent, failing])).rejects.toBeInstanceOf(Broken);
  });

  it.skipIf(nativeIsBuilt)('takes WebAssembly by itself where native TensorFlow is not built', async () => {
    const compute = await prepareCompute('auto');
    expect(compute.backend).toBe('wasm');
    expect(compute.passedOver[0]?.reason).toContain('npm run tensorflow');
  });

  it.skipIf(!nativeIsBuilt)('takes native TensorFlow by itself where it is built', async () => {
    const compute = await prepareCompute('auto');
    expect(compute.backend).toBe('native');
    expect(compute.passedOver).toEqual([]);
    expect(compute.versions['tensorflow']).toMatch(/^2\.\d+\.\d+$/);
    expect(tf.getBackend()).toBe('tensorflow');
  });
});
