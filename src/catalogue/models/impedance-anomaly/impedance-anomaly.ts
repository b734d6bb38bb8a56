/** The model as the catalogue lists it. */
import type { Model } from '../model.ts';
import { fromArtifact, MODEL_NAME } from './artifact.ts';
import { DEFAULTS } from './defaults.ts';

export const impedanceAnomaly: Model = {
  name: MODEL_NAME,
  summary:
    'Telemetry of a sensor with weather and load goes in; out come the probability of a defect, an event that opens and closes, and the channel that departs from what the context explains.',
  exits: { stem: [], learner: ['embedding'], task: ['logits', 'probabilities'] },
  defaults: DEFAULTS,
  validate: (artifact) => void fromArtifact(artifact),
};
