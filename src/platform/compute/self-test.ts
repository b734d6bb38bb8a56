/** Runs one convolution with a known answer, so that a backend that computes wrongly is never used. */
import * as tf from '@tensorflow/tfjs';

/** Exact in every float format in use, reduced-precision matrix units included: all sums are integers below 1024. */
const IMAGE = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const FILTER = [1, 2, 3, 4];
const EXPECTED = [37, 47, 67, 77];
/** Room for algorithms that transform the filter first; a wrong answer is off by whole numbers. */
const TOLERANCE = 0.01;

/** What is wrong with the current backend, or undefined if it convolves as it should. */
export async function selfTest(): Promise<string | undefined> {
  let got: ArrayLike<number>;
  try {
    const result = tf.tidy(() =>
      tf.conv2d(
        tf.tensor4d(IMAGE, [1, 3, 3, 1]), // [batch, height, width, channels]
        tf.tensor4d(FILTER, [2, 2, 1, 1]), // [height, width, in, out]
        1,
        'valid',
      ),
    ); // [1, 2, 2, 1]
    got = await result.data();
    result.dispose();
  } catch (error) {
    return `its test convolution failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  const right = got.length === EXPECTED.length && EXPECTED.every((value, i) => Math.abs(value - (got[i] ?? NaN)) <= TOLERANCE); // prettier-ignore
  return right
    ? undefined
    : `its test convolution gave ${Array.from(got).join(', ')} instead of ${EXPECTED.join(', ')}`;
}
