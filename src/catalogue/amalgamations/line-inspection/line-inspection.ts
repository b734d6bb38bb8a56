/** The public face of line inspection: load backbone and detector once, inspect pictures, let go. */
import * as tf from '@tensorflow/tfjs';
import { setImmediate } from 'node:timers/promises';
import type { Detection } from '../../../core/domain/detection.ts';
import { explainDeviceFailure } from '../../../core/domain/device-failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { checkGraph } from '../../../core/graph/check-graph.ts';
import { runGraph, type NodeTrace } from '../../../core/graph/run-graph.ts';
import { loadStem } from '../../models/coco-backbone/backbone.ts';
import { planWindows, type Window } from '../../../core/geometry/plan-windows.ts';
import { decide, mergeSeen, type Decision, type SeenObject } from '../../models/defect-detector/decide.ts';
import { architecture, decision } from '../../models/defect-detector/defaults.ts';
import { loadDetector } from '../../models/defect-detector/detector.ts';
import { releaseValue } from '../../models/defect-detector/model-value.ts';
import type { DetectorClass } from '../../models/defect-detector/parameters.ts';
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
  /** Every object that was seen, however doubtful, with what both stages say of it: for calibration. */
  judge(pixels: Pixels): Promise<SeenObject[]>;
  dispose(): void;
}

export interface InspectionArtifacts {
  readonly backbone: ModelArtifact;
  readonly detector: ModelArtifact;
}

export interface InspectionOptions {
  /** Told of each node that has run. */
  onNode?(trace: NodeTrace): void;
  /** Windows of a large picture that pass the network together; left out, what suits the backend. */
  readonly windowsAtOnce?: number;
}

const FRAME = { width: architecture.inputWidth, height: architecture.inputHeight };

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
    const look = async (image: Pixels, windows: readonly Window[]): Promise<SeenObject[]> => {
      const { seen } = await runGraph<unknown>(
        graph,
        { image, windows },
        { release: releaseValue, now: () => performance.now(), ...options },
      ).catch((failure: unknown) => {
        throw explainDeviceFailure(failure);
      });
      return seen as SeenObject[];
    };
    const judge = async (pixels: Pixels): Promise<SeenObject[]> => {
      const seen: SeenObject[] = [];
      const windows = planWindows(pixels, FRAME);
      const atOnce = options.windowsAtOnce ?? decision.windowsAtOnce[tf.getBackend()] ?? 1;
      for (let at = 0; at < windows.length; at += atOnce) {
        // A backend without threads of its own holds up everything else in the process while it computes.
        if (at > 0) await setImmediate();
        seen.push(...(await look(pixels, windows.slice(at, at + atOnce))));
      }
      return mergeSeen(seen, windows, classes);
    };
    return {
      modelVersion: detector.modelVersion,
      embeddingSpace: detector.spaces.embedding,
      classes,
      inspect: async (pixels, decided) => decide(await judge(pixels), classes, decided),
      judge,
      dispose: release,
    };
  } catch (failure) {
    release();
    throw failure;
  }
}
