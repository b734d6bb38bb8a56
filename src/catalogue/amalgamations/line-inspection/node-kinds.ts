/** What the nodes of line inspection do: each exposes one part of a loaded model at its exits. */
import type { NodeKind, PortType } from '../../../core/graph/graph.ts';
import type { LoadedStem } from '../../models/coco-backbone/backbone.ts';
import { architecture as backbone } from '../../models/coco-backbone/defaults.ts';
import { learnerFeatureMaps } from '../../models/coco-backbone/learner.ts';
import { stemFeatureMaps } from '../../models/coco-backbone/stem.ts';
import { architecture } from '../../models/defect-detector/defaults.ts';
import type { DefectDetector } from '../../models/defect-detector/detector.ts';
import { detailMaps } from '../../models/defect-detector/judge-crops.ts';
import { proposalMaps } from '../../models/defect-detector/propose.ts';
import {
  collectJudged,
  cropProposals,
  judgeProposals,
  placeObjects,
  preprocessWindows,
  selectProposals,
} from '../../models/defect-detector/run-parts.ts';

const { inputHeight, inputWidth, cropSize, embeddingSize, detailChannels } = architecture;
const { stride, stemChannels, learnerChannels } = backbone;
const mapShape = ['windows', inputHeight / stride, inputWidth / stride];

const picture: PortType = { kind: 'image', shape: ['height', 'width', 3] };
const windows: PortType = { kind: 'windows', shape: ['windows'] };
const image: PortType = { kind: 'image', shape: ['windows', inputHeight, inputWidth, 3] };
const frames: PortType = { kind: 'letterboxes', shape: ['windows'] };
const proposals: PortType = { kind: 'boxes', shape: ['proposals', 4] };
const judged: PortType = { kind: 'judgements', shape: ['proposals'] };
const seen: PortType = { kind: 'judgements', shape: ['objects'] };
const detail: PortType = { kind: 'featureMaps', shape: [...mapShape, detailChannels] };
const crops: PortType = { kind: 'featureMaps', shape: ['proposals', cropSize, cropSize, detailChannels] };
const refinements: PortType = { kind: 'distances', shape: ['proposals', 4] };

function mapsPort(channels: number, space: string): PortType {
  return { kind: 'featureMaps', shape: [...mapShape, channels], space };
}

function embeddingPort(space: string): PortType {
  return { kind: 'embedding', shape: ['proposals', embeddingSize], space };
}

/** A value flows between two of these nodes only after `checkGraph` has found their ports to be of one type. */
type Run<Inputs> = (inputs: Inputs) => Promise<object> | object;

function kind<Inputs>(
  name: string,
  inputs: NodeKind<unknown>['inputs'],
  outputs: NodeKind<unknown>['outputs'],
  run: Run<Inputs>,
): NodeKind<unknown> {
  return { name, inputs, outputs, run: async (values) => ({ ...(await run(values as Inputs)) }) };
}

/**
 * Parts give values in the space computed from their weights, and take values in the space their weights were
 * taught in, which the artefact records: another stem under the same learner is refused.
 */
export function lineInspectionKinds(stem: LoadedStem, detector: DefectDetector): NodeKind<unknown>[] {
  const { weights, spaces, parameters } = detector;
  const { classes, spaces: taught } = parameters;
  const basePixels = classes.map((each) => each.basePixels);
  const heat: PortType = { kind: 'logits', shape: [...mapShape, classes.length] };
  const distances: PortType = { kind: 'distances', shape: [...mapShape, classes.length * 4] };
  const choices: PortType = { kind: 'logits', shape: ['proposals', classes.length + 1] };
  type Picture = Parameters<typeof preprocessWindows>[0];
  type Windows = Parameters<typeof preprocessWindows>[1];
  type Maps = Parameters<typeof stemFeatureMaps>[1];
  type Proposals = Parameters<typeof cropProposals>[1];
  type Judged = Parameters<typeof placeObjects>[0];
  return [
    kind(
      'detector-preprocess',
      { image: picture, windows },
      { image, frames },
      (given: { image: Picture; windows: Windows }) => preprocessWindows(given.image, given.windows),
    ),
    kind(
      'backbone-stem',
      { image },
      { featureMaps: mapsPort(stemChannels, stem.space) },
      (given: { image: Maps }) => ({ featureMaps: stemFeatureMaps(stem.weights, given.image) }),
    ),
    kind(
      'detector-learner',
      { featureMaps: mapsPort(stemChannels, taught.stem) },
      { featureMaps: mapsPort(learnerChannels, spaces.learner) },
      (given: { featureMaps: Maps }) => ({ featureMaps: learnerFeatureMaps(weights, given.featureMaps) }),
    ),
    kind(
      'detector-proposals',
      { featureMaps: mapsPort(learnerChannels, taught.learner) },
      { logits: heat, distances },
      (given: { featureMaps: Maps }) => proposalMaps(weights, given.featureMaps, basePixels),
    ),
    kind(
      'select-proposals',
      { logits: heat, distances },
      { proposals },
      async (given: Parameters<typeof selectProposals>[0]) => ({ proposals: await selectProposals(given) }),
    ),
    kind(
      'detector-detail',
      { stem: mapsPort(stemChannels, taught.stem), learner: mapsPort(learnerChannels, taught.learner) },
      { featureMaps: detail },
      (given: { stem: Maps; learner: Maps }) => ({
        featureMaps: detailMaps(weights, given.stem, given.learner),
      }),
    ),
    kind(
      'crop-features',
      { featureMaps: detail, proposals },
      { crops },
      (given: { featureMaps: Maps; proposals: Proposals }) => ({
        crops: cropProposals(given.featureMaps, given.proposals),
      }),
    ),
    kind(
      'detector-crops',
      { crops },
      { embedding: embeddingPort(spaces.embedding), logits: choices, refinements },
      (given: { crops: Maps }) => judgeProposals(detector, given.crops),
    ),
    kind(
      'collect-judged',
      { proposals, embedding: embeddingPort(taught.embedding), logits: choices, refinements },
      { judged },
      async (given: Parameters<typeof collectJudged>[1] & { proposals: Proposals }) => ({
        judged: await collectJudged(given.proposals, given),
      }),
    ),
    kind(
      'place-objects',
      { judged, frames },
      { seen },
      (given: { judged: Judged; frames: Parameters<typeof placeObjects>[1] }) => ({
        seen: placeObjects(given.judged, given.frames),
      }),
    ),
  ];
}
