/** What the nodes of line inspection do: each exposes one part of a loaded detector at its exits. */
import type { NodeKind, PortType } from '../../../core/graph/graph.ts';
import {
  cropFound,
  collectJudged,
  judgeCrops,
  preprocessPicture,
  selectObjects,
} from '../../models/defect-detector/run-parts.ts';
import { architecture, OBJECT_CATEGORIES } from '../../models/defect-detector/defaults.ts';
import { decide } from '../../models/defect-detector/decide.ts';
import { detectObjects } from '../../models/defect-detector/detect-objects.ts';
import type { DefectDetector } from '../../models/defect-detector/detector.ts';
import { learnerFeatureMaps } from '../../models/defect-detector/learner.ts';
import { stemFeatureMaps } from '../../models/defect-detector/stem.ts';

const { inputHeight, inputWidth, stemStride, stemChannels, learnerStride, learnerChannels } = architecture;
const { cropSize, embeddingSize } = architecture;
const categories = OBJECT_CATEGORIES.length;

const picture: PortType = { kind: 'image', shape: ['height', 'width', 3] };
const image: PortType = { kind: 'image', shape: [1, inputHeight, inputWidth, 3] };
const frame: PortType = { kind: 'letterbox', shape: [] };
const objects: PortType = { kind: 'boxes', shape: ['objects', 4] };
const judged: PortType = { kind: 'judgements', shape: ['objects'] };
const detections: PortType = { kind: 'detections', shape: ['detections'] };
const crops: PortType = {
  kind: 'featureMaps',
  shape: ['objects', cropSize, cropSize, stemChannels + learnerChannels],
};
const mapShape = [1, inputHeight / learnerStride, inputWidth / learnerStride];
const heat: PortType = { kind: 'logits', shape: [...mapShape, categories] };
const distances: PortType = { kind: 'distances', shape: [...mapShape, categories * 4] };
const defectLogits: PortType = { kind: 'logits', shape: ['objects', categories] };
const probabilities: PortType = { kind: 'probabilities', shape: ['objects', categories] };

function stemPort(space: string): PortType {
  const shape = [1, inputHeight / stemStride, inputWidth / stemStride, stemChannels];
  return { kind: 'featureMaps', shape, space };
}

function learnerPort(space: string): PortType {
  return { kind: 'featureMaps', shape: [...mapShape, learnerChannels], space };
}

function embeddingPort(space: string): PortType {
  return { kind: 'embedding', shape: ['objects', embeddingSize], space };
}

/** A value flows between two of these nodes only after `checkGraph` has found their ports to be of one type. */
type Run<Inputs> = (inputs: Inputs) => Promise<Record<string, unknown>> | Record<string, unknown>;

function kind<Inputs>(
  name: string,
  inputs: NodeKind<unknown>['inputs'],
  outputs: NodeKind<unknown>['outputs'],
  run: Run<Inputs>,
): NodeKind<unknown> {
  return { name, inputs, outputs, run: (values) => run(values as Inputs) };
}

/**
 * Parts give values in the space computed from their weights, and take values in the space their weights were
 * taught in, which the artefact records: another stem under the same heads is refused.
 */
export function lineInspectionKinds(detector: DefectDetector): NodeKind<unknown>[] {
  const { weights, spaces, parameters } = detector;
  const taught = parameters.spaces;
  type Select = Parameters<typeof selectObjects>[0];
  type Crop = Parameters<typeof cropFound>;
  type Collect = Parameters<typeof collectJudged>;
  return [
    kind('detector-preprocess', { image: picture }, { image, frame }, (given: PreprocessInputs) => ({
      ...preprocessPicture(given.image),
    })),
    kind('detector-stem', { image }, { featureMaps: stemPort(spaces.stem) }, (given: StemInputs) => ({
      featureMaps: stemFeatureMaps(weights, given.image),
    })),
    kind(
      'detector-learner',
      { featureMaps: stemPort(taught.stem) },
      { featureMaps: learnerPort(spaces.learner) },
      (given: LearnerInputs) => ({ featureMaps: learnerFeatureMaps(weights, given.featureMaps) }),
    ),
    kind(
      'detector-objects',
      { featureMaps: learnerPort(taught.learner) },
      { logits: heat, distances },
      (given: ObjectInputs) => ({ ...detectObjects(weights, given.featureMaps) }),
    ),
    kind('select-objects', { logits: heat, distances }, { objects }, async (given: Select) => ({
      objects: await selectObjects(given),
    })),
    kind(
      'crop-features',
      { stem: stemPort(taught.stem), learner: learnerPort(taught.learner), objects },
      { crops },
      (given: { stem: Crop[0]; learner: Crop[1]; objects: Crop[2] }) => ({
        crops: cropFound(given.stem, given.learner, given.objects),
      }),
    ),
    kind(
      'detector-crops',
      { crops },
      { embedding: embeddingPort(spaces.embedding), logits: defectLogits, probabilities },
      (given: { crops: Parameters<typeof judgeCrops>[1] }) => ({ ...judgeCrops(detector, given.crops) }),
    ),
    kind(
      'collect-judged',
      { objects, embedding: embeddingPort(taught.embedding), logits: defectLogits, probabilities },
      { judged },
      async (given: Collect[2] & { objects: Collect[1] }) => ({
        judged: await collectJudged(detector, given.objects, given),
      }),
    ),
    kind('decide', { judged, frame }, { detections }, (given: DecideInputs) => ({
      detections: decide(given.judged, given.frame, parameters.thresholds),
    })),
  ];
}

interface PreprocessInputs {
  image: Parameters<typeof preprocessPicture>[0];
}
interface StemInputs {
  image: Parameters<typeof stemFeatureMaps>[1];
}
interface LearnerInputs {
  featureMaps: Parameters<typeof learnerFeatureMaps>[1];
}
interface ObjectInputs {
  featureMaps: Parameters<typeof detectObjects>[1];
}
interface DecideInputs {
  judged: Parameters<typeof decide>[0];
  frame: Parameters<typeof decide>[1];
}
