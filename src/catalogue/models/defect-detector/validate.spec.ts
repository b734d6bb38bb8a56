/** Artefacts that do not fit are refused with what is wrong with them. */
import { describe, expect, it } from 'vitest';
import {
  artifactOf,
  untrainedBackbone,
  untrainedDetector,
} from '../../../../test/support/untrained-models.ts';
import { packWeights, unpackWeights, type NamedWeight } from '../../../core/domain/model-weights.ts';
import { validateDetector } from './validate.ts';

const artifact = untrainedDetector(3, untrainedBackbone(3));
const { manifest } = artifact;
const weights = unpackWeights({ entries: manifest.weights, bytes: artifact.weights });

const withWeight = (name: string, weight: NamedWeight) =>
  artifactOf('defect-detector', { ...weights, [name]: weight }, manifest.parameters);
const withParameters = (parameters: Record<string, unknown>) => ({
  ...artifact,
  manifest: { ...manifest, parameters: { ...manifest.parameters, ...parameters } },
});

describe('validateDetector', () => {
  it('accepts what fits, in full and in half precision', () => {
    expect(() => validateDetector(artifact)).not.toThrow();
    const { entries, bytes } = packWeights(weights, 'float16');
    const half = { manifest: { ...manifest, weights: entries }, weights: bytes };
    expect(() => validateDetector(half)).not.toThrow();
  });

  it('refuses a weight of another shape, an unknown one, and one that is not finite', () => {
    const bias = { shape: [3], values: new Float32Array(3) };
    expect(() => validateDetector(withWeight('task/detail/bias', bias))).toThrow(
      'task/detail/bias has shape [3]',
    );
    expect(() => validateDetector(withWeight('task/tail/bias', bias))).toThrow('task/tail/bias is not known');
    const infinite = { shape: [48], values: new Float32Array(48).fill(Infinity) };
    expect(() => validateDetector(withWeight('task/detail/bias', infinite))).toThrow('not finite');
  });

  it('refuses parameters out of range, naming them', () => {
    const [first, ...others] = manifest.parameters['classes'] as { threshold: number }[];
    const classes = [{ ...first, threshold: 1.5 }, ...others];
    expect(() => validateDetector(withParameters({ classes }))).toThrow('classes.0.threshold');
    expect(() => validateDetector(withParameters({ classes: [first, first] }))).toThrow('names twice');
    expect(() => validateDetector(withParameters({ spaces: {} }))).toThrow('spaces.stem');
  });

  it('refuses weights for another number of classes', () => {
    const [first] = manifest.parameters['classes'] as unknown[];
    expect(() => validateDetector(withParameters({ classes: [first] }))).toThrow('task/proposals/logits');
  });
});
