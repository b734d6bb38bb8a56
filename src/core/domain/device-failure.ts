/** Says in one sentence what happened when the device that computes ran out of memory or went away. */
import { Failure, Unavailable } from './failure.ts';

const OUT_OF_MEMORY =
  /out of memory|OOM|RESOURCE_EXHAUSTED|failed to allocate|bad_alloc|Array buffer allocation failed/i;
const DEVICE_LOST =
  /CUDA_ERROR|CUDNN_STATUS|cudaGetDevice|failed call to cuInit|device is lost|device lost|GPUDeviceLost|CUBLAS_STATUS/i;

/** Turns an error of the compute backend into one that a person can act on; others come back as they are. */
export function explainDeviceFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const [first = ''] = error.message.split('\n');
  if (OUT_OF_MEMORY.test(error.message)) {
    return new Unavailable(
      'memory-short',
      `There is too little memory to compute (${first}): free some, or use a machine with more.`,
      {},
      { cause: error },
    );
  }
  if (!DEVICE_LOST.test(error.message)) return error;
  return new Unavailable(
    'device-lost',
    `The GPU no longer answers (${first}): check it with nvidia-smi and start again, or set TFJS_BACKEND=wasm to go on without it.`,
    {},
    { cause: error },
  );
}
