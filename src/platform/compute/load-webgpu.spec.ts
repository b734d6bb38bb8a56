/** Why WebGPU cannot be had: each reason is told, and nothing of it is loaded by then. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWebgpu } from './load-webgpu.ts';
import { probeWebgpu } from './probe-webgpu.ts';

const installed = () => '/nowhere/index.js';
const answering = (software: boolean) => () => Promise.resolve({ name: 'llvmpipe', software });

describe('loadWebgpu', () => {
  it.each(['webgpu', '@tensorflow/tfjs-backend-webgpu'])('says that %s is not installed', async (missing) => {
    const find = (name: string) => (name === missing ? undefined : installed());
    const started = await loadWebgpu({ software: false, find, probe: answering(false) });
    expect(started).toEqual({ unavailable: `the ${missing} package is not installed` });
  });

  it('says that no adapter answers, and what is needed for one', async () => {
    const probe = () => Promise.resolve(null);
    const started = await loadWebgpu({ software: true, find: installed, probe });
    expect(started).toEqual({
      unavailable: 'no WebGPU adapter answers (a Vulkan, Metal or D3D12 driver is needed)',
    });
  });

  it('passes over an adapter that the processor computes, unless somebody wants it', async () => {
    const started = await loadWebgpu({ software: false, find: installed, probe: answering(true) });
    expect(started).toEqual({ unavailable: 'its adapter is software, slower than WebAssembly' });
    const wanted = loadWebgpu({ software: true, find: installed, probe: answering(true) });
    await expect(wanted).rejects.toThrow('/nowhere/index.js');
  });

  it('has registered nothing by then', () => {
    expect(tf.findBackend('webgpu')).toBeNull();
    expect('gpu' in ((globalThis as { navigator?: object }).navigator ?? {})).toBe(false);
  });
});

describe('probeWebgpu', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spanwatch-dawn-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A module in the place of Dawn. */
  async function probe(name: string, source: string) {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, source);
    return probeWebgpu(file);
  }

  it('gives the name and the kind of the adapter', async () => {
    const adapter = "{ info: { description: 'Some card', isFallbackAdapter: false } }";
    const source = `export const create = () => ({ requestAdapter: async () => (${adapter}) });`;
    expect(await probe('card', source)).toEqual({ name: 'Some card', software: false });
  });

  it('gives null where none answers, even if the driver would hold the process', async () => {
    const source = `setInterval(() => {}, 1000);
      export const create = () => ({ requestAdapter: async () => null });`;
    expect(await probe('none', source)).toBeNull();
  });

  it('survives a driver that crashes', async () => {
    const crash = probe('crash', "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});");
    await expect(crash).rejects.toThrow('its driver crashes the process that asks it (SIGSEGV)');
  });

  it('passes on what the loader says of a library that does not load', async () => {
    const broken = probe('broken', "throw new Error('dawn.node: invalid ELF header');");
    await expect(broken).rejects.toThrow('dawn.node: invalid ELF header');
  });
});
