/** The catalogue entry: general features of photographs, for other models to stand on. */
import type { Model } from '../model.ts';
import { architecture, preprocessing } from './defaults.ts';
import { BACKBONE_NAME, validateBackbone } from './validate.ts';

export const cocoBackbone: Model = {
  name: BACKBONE_NAME,
  summary:
    'Takes an RGB photograph; gives feature maps at stride 4, coarse ones from a frozen stem that models share, and rich ones from a learner to tune for a task.',
  exits: { stem: ['featureMaps'], learner: ['featureMaps'], task: [] },
  defaults: { architecture, preprocessing },
  validate: validateBackbone,
};
