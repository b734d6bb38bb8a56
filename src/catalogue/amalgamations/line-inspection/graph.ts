/**
 * From one photograph to what is wrong on it, in one pass over the picture.
 *
 * Stem and learner run once; the object head finds insulators and joints in the learner's maps; each object is
 * then cut out of the feature maps, not out of the picture, and the crop head judges it. Needs an artefact of
 * `defect-detector`.
 *
 * image -> preprocess -> stem -> learner -> detect -> select -> crop -> classify -> collect -> decide
 */
import type { GraphSpec } from '../../../core/graph/graph.ts';

export const lineInspectionGraph: GraphSpec = {
  name: 'line-inspection',
  inputs: {
    /** RGB bytes of one upright picture of any size. */
    image: { kind: 'image', shape: ['height', 'width', 3] },
  },
  nodes: [
    { id: 'preprocess', kind: 'detector-preprocess', inputs: { image: 'input.image' } },
    { id: 'stem', kind: 'detector-stem', inputs: { image: 'preprocess.image' } },
    { id: 'learner', kind: 'detector-learner', inputs: { featureMaps: 'stem.featureMaps' } },
    { id: 'detect', kind: 'detector-objects', inputs: { featureMaps: 'learner.featureMaps' } },
    {
      id: 'select',
      kind: 'select-objects',
      inputs: { logits: 'detect.logits', distances: 'detect.distances' },
    },
    {
      id: 'crop',
      kind: 'crop-features',
      inputs: { stem: 'stem.featureMaps', learner: 'learner.featureMaps', objects: 'select.objects' },
    },
    { id: 'classify', kind: 'detector-crops', inputs: { crops: 'crop.crops' } },
    {
      id: 'collect',
      kind: 'collect-judged',
      inputs: {
        objects: 'select.objects',
        embedding: 'classify.embedding',
        logits: 'classify.logits',
        probabilities: 'classify.probabilities',
      },
    },
    {
      id: 'decide',
      kind: 'decide',
      inputs: { judged: 'collect.judged', frame: 'preprocess.frame' },
    },
  ],
  outputs: {
    /** At or above the thresholds that came with the weights. */
    detections: 'decide.detections',
    /** Every candidate with its logits, for calibration and for other thresholds. */
    judged: 'collect.judged',
    frame: 'preprocess.frame',
  },
};
