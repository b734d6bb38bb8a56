/** The catalogue entry: finds insulators, joints and their defects in drone photographs. */
import type { Model } from '../model.ts';
import { architecture, augmentation, decision, training } from './defaults.ts';
import { MODEL_NAME, validateDetector } from './validate.ts';

export const defectDetector: Model = {
  name: MODEL_NAME,
  summary:
    'Takes an RGB photograph; finds insulator strings, conductor joints and their defects, each with a box and a calibrated probability.',
  exits: {
    stem: ['featureMaps'],
    learner: ['featureMaps'],
    task: ['embedding', 'logits', 'probabilities'],
  },
  defaults: { architecture, training, augmentation, decision },
  validate: validateDetector,
};
