/** Artefacts that do not fit are refused with what is wrong with them. */
import { describe, expect, it } from 'vitest';
import { untrainedDetector } from '../../../../test/support/untrained-detector.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { packWeights, unpackWeights, type NamedWeight } from '../../../core/domain/model-weights.ts';
import { validateDetector } from './validate.ts';

const artifact = untrainedDetector(3);
const weights = unpackWeights({ entries: artifact.manifest.weights, bytes: artifact.weights });

function withWeight(name: string, weight: NamedWeight): ModelArtifact {
  const { entries, bytes } = packWeights({ ...weights, [name]: weight });
  return { manifest: { ...artifact.manifest, weights: entries }, weights: bytes };
}

function withParameters(parameters: Record<string, unknown>): ModelArtifact {
  const { manifest } = artifact;
  return { ...artifact, manifest: { ...manifest, parameters: { ...manifest.parameters, ...parameters } } };
}

describe('validateDetector', () => {
  it('accepts what fits', () => {
    expect(() => validateDetector(artifact)).not.toThrow();
  });

  it('refuses a weight of another shape, an unknown one, and one that is not finite', () => {
    const bias = { shape: [3], values: new Float32Array(3) };
    expect(() => validateDetector(withWeight('stem/entry/bias', bias))).toThrow(
      'stem/entry/bias has shape [3]',
    );
    expect(() => validateDetector(withWeight('stem/tail/bias', bias))).toThrow('stem/tail/bias is not known');
    const infinite = { shape: [16], values: new Float32Array(16).fill(Infinity) };
    expect(() => validateDetector(withWeight('stem/entry/bias', infinite))).toThrow('not finite');
  });

  it('refuses parameters out of range, naming them', () => {
    const thresholds = { insulator: 0.5, joint: 0.5, broken_insulator: 1.5, failing_joint: 0.5 };
    expect(() => validateDetector(withParameters({ thresholds }))).toThrow('thresholds.broken_insulator');
    expect(() => validateDetector(withParameters({ spaces: {} }))).toThrow('spaces.stem');
  });
});
