/** The catalogue entry: finds insulators and joints in drone photographs, and says which are defective. */
import type { Model } from '../model.ts';
import { architecture, decision, training } from './defaults.ts';
import { MODEL_NAME, validateDetector } from './validate.ts';

export const defectDetector: Model = {
  name: MODEL_NAME,
  summary:
    'Takes an RGB photograph; finds insulator strings and conductor joints, and gives the probability that each is broken or failing.',
  exits: {
    stem: ['featureMaps'],
    learner: ['featureMaps'],
    task: ['embedding', 'logits', 'probabilities'],
  },
  defaults: { architecture, training, decision },
  validate: validateDetector,
};
