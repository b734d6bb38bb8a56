/** The public face of line inspection: load backbone and detector once, inspect pictures, let go. */
import type { Detection } from '../../../core/domain/detection.ts';
import { explainDeviceFailure } from '../../../core/domain/device-failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { checkGraph } from '../../../core/graph/check-graph.ts';
import { runGraph, type NodeTrace } from '../../../core/graph/run-graph.ts';
import { loadStem } from '../../models/coco-backbone/backbone.ts';
import { decide, type Decision, type JudgedObject } from '../../models/defect-detector/decide.ts';
import { loadDetector } from '../../models/defect-detector/detector.ts';
import { releaseValue } from '../../models/defect-detector/model-value.ts';
import type { DetectorClass } from '../../models/defect-detector/parameters.ts';
import type { Letterbox } from '../../models/defect-detector/preprocess.ts';
import type { Pixels } from '../../models/defect-detector/resize-pixels.ts';
import { lineInspectionGraph } from './graph.ts';
import { lineInspectionKinds } from './node-kinds.ts';

export interface LineInspection {
  /** Of the detector. */
  readonly modelVersion: string;
  /** Space of the detections' embeddings, a hash. */
  readonly embeddingSpace: string;
  /** What it can find, with calibration and threshold. */
  readonly classes: readonly DetectorClass[];
  /** @example inspect(pixels, { minimumScore: 0 }) // every candidate, with every doubt */
  inspect(pixels: Pixels, decision?: Decision): Promise<Detection[]>;
  /** All proposals as both stages judge them, boxes in the network's frame: for calibration. */
  judge(pixels: Pixels): Promise<{ judged: readonly JudgedObject[]; frame: Letterbox }>;
  dispose(): void;
}

export interface InspectionArtifacts {
  readonly backbone: ModelArtifact;
  readonly detector: ModelArtifact;
}

export interface InspectionOptions {
  /** Told of each node that has run. */
  onNode?(trace: NodeTrace): void;
}

/** Needs a compute backend that is ready. Throws BadInput naming the edge where parts do not fit together. */
export function createLineInspection(
  artifacts: InspectionArtifacts,
  options: InspectionOptions = {},
): LineInspection {
  const stem = loadStem(artifacts.backbone);
  const loaded: { dispose(): void }[] = [stem];
  const release = (): void => loaded.forEach((part) => part.dispose());
  try {
    const detector = loadDetector(artifacts.detector);
    loaded.push(detector);
    const graph = checkGraph(lineInspectionGraph, lineInspectionKinds(stem, detector));
    const { classes } = detector.parameters;
    const run = async (pixels: Pixels) => {
      const { detections, judged, frame } = await runGraph(
        graph,
        { image: pixels },
        { release: releaseValue, now: () => performance.now(), ...options },
      ).catch((failure: unknown) => {
        throw explainDeviceFailure(failure);
      });
      return {
        detections: detections as Detection[],
        judged: judged as readonly JudgedObject[],
        frame: frame as Letterbox,
      };
    };
    return {
      modelVersion: detector.modelVersion,
      embeddingSpace: detector.spaces.embedding,
      classes,
      async inspect(pixels, decision) {
        const { detections, judged, frame } = await run(pixels);
        if (decision?.minimumScore === undefined) return detections;
        return decide(judged, frame, classes, decision);
      },
      judge: run,
      dispose: release,
    };
  } catch (failure) {
    release();
    throw failure;
  }
}
