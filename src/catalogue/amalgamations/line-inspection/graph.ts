/**
 * From one photograph to what is wrong on it, in one pass over the picture.
 *
 * The shared stem and the detector's learner run once; proposals are found in the learner's maps; each is then
 * cut out of the feature maps, not out of the picture, classified, and its box refined. Needs an artefact of
 * `coco-backbone` and one of `defect-detector`.
 *
 * image -> preprocess -> stem -> learner -> propose -> select -> crop -> judge -> collect -> decide
 *                           \________\______________________-> detail /
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
    { id: 'stem', kind: 'backbone-stem', inputs: { image: 'preprocess.image' } },
    { id: 'learner', kind: 'detector-learner', inputs: { featureMaps: 'stem.featureMaps' } },
    { id: 'propose', kind: 'detector-proposals', inputs: { featureMaps: 'learner.featureMaps' } },
    {
      id: 'select',
      kind: 'select-proposals',
      inputs: { logits: 'propose.logits', distances: 'propose.distances' },
    },
    {
      id: 'detail',
      kind: 'detector-detail',
      inputs: { stem: 'stem.featureMaps', learner: 'learner.featureMaps' },
    },
    {
      id: 'crop',
      kind: 'crop-features',
      inputs: { featureMaps: 'detail.featureMaps', proposals: 'select.proposals' },
    },
    { id: 'judge', kind: 'detector-crops', inputs: { crops: 'crop.crops' } },
    {
      id: 'collect',
      kind: 'collect-judged',
      inputs: {
        proposals: 'select.proposals',
        embedding: 'judge.embedding',
        logits: 'judge.logits',
        refinements: 'judge.refinements',
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
    /** Every proposal with what both stages say, for calibration and for other thresholds. */
    judged: 'collect.judged',
    frame: 'preprocess.frame',
  },
};
