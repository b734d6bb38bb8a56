/** Which backend is taken, which are passed over and why, with real backends and with ones that fail. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BadInput, Broken } from '../../core/domain/failure.ts';
import { CANDIDATES, prepareCompute, type Candidate } from './choose-backend.ts';
import { findNativeBinding } from './load-native.ts';

const nativeIsBuilt = findNativeBinding() !== undefined;
const absent: Candidate = {
  backend: 'native',
  start: () => Promise.resolve({ unavailable: 'its binding is not built' }),
};
const withoutAdapter: Candidate = {
  backend: 'webgpu',
  start: () => Promise.resolve({ unavailable: 'no WebGPU adapter answers' }),
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

  it('tries native, WebGPU, WebAssembly and plain JavaScript in this order', () => {
    expect(CANDIDATES.map(({ backend }) => backend)).toEqual(['native', 'webgpu', 'wasm', 'cpu']);
  });

  it('passes over what is absent and what does not load, with the first line of each reason', async () => {
    const candidates = [absent, withoutAdapter, failing, { backend: 'cpu', start: startCpu } as const];
    const compute = await prepareCompute('auto', candidates);
    expect(compute.backend).toBe('cpu');
    expect(compute.reason).toBe('plain JavaScript, the fastest that works here');
    expect(compute.passedOver).toEqual([
      { backend: 'native', reason: 'its binding is not built' },
      { backend: 'webgpu', reason: 'no WebGPU adapter answers' },
      { backend: 'wasm', reason: 'it does not load: cannot open file' },
    ]);
  });

  it('stops what started and computes wrongly, before it takes the next', async () => {
    const stopped: string[] = [];
    tf.registerBackend('hollow', tf.engine().findBackendFactory('cpu')); // with no kernel at all
    const hollow: Candidate = {
      backend: 'webgpu',
      start: async () => {
        await tf.setBackend('hollow');
        return { device: 'gpu', what: 'a GPU', versions: {} };
      },
      stop: () => stopped.push('hollow'),
    };
    const compute = await prepareCompute('auto', [hollow, { backend: 'cpu', start: startCpu }]);
    expect(compute.backend).toBe('cpu');
    expect(compute.passedOver[0]?.reason).toContain("Kernel 'Conv2D' not registered");
    expect(stopped).toEqual(['hollow']);
  });

  it('tells a candidate whether somebody insists on it', async () => {
    const told: boolean[] = [];
    const start = (byName: boolean) => {
      told.push(byName);
      return startCpu();
    };
    await prepareCompute('auto', [{ backend: 'cpu', start }]);
    await prepareCompute('cpu', [{ backend: 'cpu', start }]);
    expect(told).toEqual([false, true]);
  });

  it('refuses a backend that was asked for by name and does not work, instead of taking another', async () => {
    const refused = prepareCompute('native', [absent, { backend: 'cpu', start: startCpu }]);
    await expect(refused).rejects.toBeInstanceOf(BadInput);
    await expect(refused).rejects.toThrow('The backend native cannot be used: its binding is not built.');
  });

  it('is broken where nothing works at all', async () => {
    await expect(prepareCompute('auto', [absent, failing])).rejects.toBeInstanceOf(Broken);
  });

  it.skipIf(nativeIsBuilt)('takes a GPU or WebAssembly where native TensorFlow is not built', async () => {
    const { backend, passedOver } = await prepareCompute('auto');
    expect(['webgpu', 'wasm']).toContain(backend);
    expect(passedOver[0]?.reason).toContain('npm run tensorflow');
  });

  it('tells on this machine, too, why it passes over WebGPU for WebAssembly', async () => {
    const { backend, passedOver } = await prepareCompute('auto', CANDIDATES.slice(1));
    if (backend === 'webgpu') return;
    expect(backend).toBe('wasm');
    expect(passedOver).toHaveLength(1);
    expect(passedOver[0]?.reason).toMatch(/package is not installed|no WebGPU adapter|adapter is software/);
  });

  it.skipIf(!nativeIsBuilt)('takes native TensorFlow by itself where it is built', async () => {
    const compute = await prepareCompute('auto');
    expect(compute.backend).toBe('native');
    expect(compute.passedOver).toEqual([]);
    expect(compute.versions['tensorflow']).toMatch(/^2\.\d+\.\d+$/);
    expect(tf.getBackend()).toBe('tensorflow');
  });
});
