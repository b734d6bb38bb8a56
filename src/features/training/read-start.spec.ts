/** A detector goes on learning only what it knows, and only on the backbone it knows. */
import { describe, expect, it } from 'vitest';
import { untrainedBackbone, untrainedDetector } from '../../../test/support/untrained-models.ts';
import { readBackbone } from '../../catalogue/models/coco-backbone/backbone.ts';
import { KNOWN_CLASSES } from '../../catalogue/models/defect-detector/defaults.ts';
import { readStart } from './read-start.ts';

const backbone = untrainedBackbone(1);
const detector = untrainedDetector(1, backbone);
const { stemSpace } = readBackbone(backbone);

describe('readStart', () => {
  it('gives the weights and what boxes are measured in', () => {
    const { weights, basePixels } = readStart(detector, KNOWN_CLASSES, stemSpace);
    expect(Object.keys(weights)).toContain('task/place/hidden/kernel');
    expect(basePixels).toEqual(KNOWN_CLASSES.map(() => 30));
  });

  it('names the classes where they differ, in number or in order', () => {
    expect(() => readStart(detector, KNOWN_CLASSES.slice(1), stemSpace)).toThrow(
      'knows insulator, joint, broken_insulator, failing_joint, and the pictures show joint, broken_insulator, failing_joint',
    );
    expect(() => readStart(detector, [...KNOWN_CLASSES].reverse(), stemSpace)).toThrow('train a new one');
  });

  it('refuses another backbone', () => {
    const other = readBackbone(untrainedBackbone(2)).stemSpace;
    expect(() => readStart(detector, KNOWN_CLASSES, other)).toThrow('taught on another backbone');
  });
});
