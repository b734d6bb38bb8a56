/** Errors of a compute device become advice; all others pass. */
import { describe, expect, it } from 'vitest';
import { explainDeviceFailure } from './device-failure.ts';
import { BadInput, Unavailable } from './failure.ts';

describe('explainDeviceFailure', () => {
  it.each([
    ['OOM when allocating tensor with shape[4,640,480,64]', 'too little memory'],
    ['RESOURCE_EXHAUSTED: failed to allocate 2.1GiB', 'too little memory'],
    ['CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered\nat line 5', 'TFJS_BACKEND=wasm'],
    ['WebGPU device is lost', 'no longer answers'],
  ])('explains %j', (message, advice) => {
    const explained = explainDeviceFailure(new Error(message));
    expect(explained).toBeInstanceOf(Unavailable);
    expect((explained as Error).message).toContain(advice);
    expect((explained as Error).message).not.toContain('\n');
  });

  it('lets failures that are explained already, and errors of other kinds, through', () => {
    const known = new BadInput('x', 'The picture is out of memory.');
    const other = new TypeError('x is not a function');
    expect(explainDeviceFailure(known)).toBe(known);
    expect(explainDeviceFailure(other)).toBe(other);
    expect(explainDeviceFailure('text')).toBe('text');
  });
});
