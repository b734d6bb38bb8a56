/**
 * From windows on one photograph to the objects that they show.
 *
 * The shared stem and the detector's learner run once a window, on a batch of them; proposals are found in the
 * learner's maps; each is then cut out of the feature maps, not out of the picture, classified, its box refined and
 * laid where it is on the photograph. Needs an artefact of `coco-backbone` and one of `defect-detector`.
 *
 * image, windows -> preprocess -> stem -> learner -> propose -> select -> crop -> judge -> collect -> place
 *                                    \________\______________________-> detail /
 */
import type { GraphSpec } from '../../../core/graph/graph.ts';

export const lineInspectionGraph: GraphSpec = {
  name: 'line-inspection',
  inputs: {
    /** RGB bytes of one upright picture of any size. */
    image: { kind: 'image', shape: ['height', 'width', 3] },
    /** Parts of it to look at; each fills the network's frame. */
    windows: { kind: 'windows', shape: ['windows'] },
  },
  nodes: [
    {
      id: 'preprocess',
      kind: 'detector-preprocess',
      inputs: { image: 'input.image', windows: 'input.windows' },
    },
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
      id: 'place',
      kind: 'place-objects',
      inputs: { judged: 'collect.judged', frames: 'preprocess.frames' },
    },
  ],
  outputs: {
    /** With what both stages say, before calibration. */
    seen: 'place.seen',
  },
};
