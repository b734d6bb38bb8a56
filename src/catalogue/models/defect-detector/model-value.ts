/** What flows between the detector's parts: tensors on the device, and plain values beside them. */
import * as tf from '@tensorflow/tfjs';

/** Tensors must be let go; plain values take care of themselves. */
export function releaseValue(value: unknown): void {
  if (value instanceof tf.Tensor) value.dispose();
}
