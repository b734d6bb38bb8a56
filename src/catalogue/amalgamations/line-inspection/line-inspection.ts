/** The public face of line inspection: load a detector once, inspect pictures, let go. */
import type { Detection } from '../../../core/domain/detection.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { checkGraph } from '../../../core/graph/check-graph.ts';
import { runGraph, type NodeTrace } from '../../../core/graph/run-graph.ts';
import { decide, type Decision, type JudgedObject } from '../../models/defect-detector/decide.ts';
import { loadDetector } from '../../models/defect-detector/detector.ts';
import { releaseValue } from '../../models/defect-detector/model-value.ts';
import type { Letterbox, Pixels } from '../../models/defect-detector/preprocess.ts';
import { lineInspectionGraph } from './graph.ts';
import { lineInspectionKinds } from './node-kinds.ts';

export interface LineInspection {
  readonly modelVersion: string;
  /** Space of the detections' embeddings, a hash. */
  readonly embeddingSpace: string;
  /** @example inspect(pixels, { minimumScore: 0 }) // every candidate, with every doubt */
  inspect(pixels: Pixels, decision?: Decision): Promise<Detection[]>;
  /** All candidates with their logits, boxes in the network's frame: for calibration. */
  judge(pixels: Pixels): Promise<{ judged: readonly JudgedObject[]; frame: Letterbox }>;
  dispose(): void;
}

export interface InspectionOptions {
  /** Told of each node that has run. */
  onNode?(trace: NodeTrace): void;
}

/** Needs a compute backend that is ready. Throws BadInput naming the edge where parts do not fit together. */
export function createLineInspection(
  artifact: ModelArtifact,
  options: InspectionOptions = {},
): LineInspection {
  const detector = loadDetector(artifact);
  const graph = (() => {
    try {
      return checkGraph(lineInspectionGraph, lineInspectionKinds(detector));
    } catch (failure) {
      detector.dispose();
      throw failure;
    }
  })();

  const run = async (pixels: Pixels) => {
    const { detections, judged, frame } = await runGraph(
      graph,
      { image: pixels },
      { release: releaseValue, now: () => performance.now(), ...options },
    );
    return {
      detections: detections as Detection[],
      judged: judged as readonly JudgedObject[],
      frame: frame as Letterbox,
    };
  };

  return {
    modelVersion: detector.modelVersion,
    embeddingSpace: detector.spaces.embedding,
    async inspect(pixels, decision) {
      const { detections, judged, frame } = await run(pixels);
      if (decision?.minimumScore === undefined) return detections;
      return decide(judged, frame, detector.parameters.thresholds, decision);
    },
    judge: run,
    dispose: () => detector.dispose(),
  };
}
