/** Makes a detector's probabilities true: one Platt scaling a category, on pictures it has not learned from. */
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { DEFECT_CATEGORIES, OBJECT_CATEGORIES } from '../../catalogue/models/defect-detector/defaults.ts';
import type {
  DetectionCategory,
  DetectorParameters,
} from '../../catalogue/models/defect-detector/parameters.ts';
import { toFrame } from '../../catalogue/models/defect-detector/preprocess.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { fitPlatt, type PlattScaling } from '../../core/statistics/platt-scaling.ts';
import type { LabelledPicture } from './detector-pictures.ts';
import { matchBoxes } from './match-detections.ts';

interface Cases {
  readonly logits: number[];
  readonly outcomes: number[];
}

/** Fewer cases of either outcome say too little: the raw probability stays. */
const FEWEST_CASES = 5;

export async function calibrateDetector(
  inspection: LineInspection,
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
): Promise<DetectorParameters['calibration']> {
  const cases = new Map<DetectionCategory, Cases>();
  for (const category of [...OBJECT_CATEGORIES, ...DEFECT_CATEGORIES]) {
    cases.set(category, { logits: [], outcomes: [] });
  }
  let done = 0;
  for (const picture of pictures) {
    await gatherCases(inspection, picture, cases);
    onProgress({ stage: 'calibrating the detector', done: ++done, total: pictures.length });
  }
  const fit = (category: DetectionCategory): PlattScaling => fitCases(cases.get(category)!);
  return {
    insulator: fit('insulator'),
    joint: fit('joint'),
    broken_insulator: fit('broken_insulator'),
    failing_joint: fit('failing_joint'),
  };
}

async function gatherCases(
  inspection: LineInspection,
  picture: LabelledPicture,
  cases: ReadonlyMap<DetectionCategory, Cases>,
): Promise<void> {
  const { pixels, objects } = await picture.read();
  const { judged, frame } = await inspection.judge(pixels);
  OBJECT_CATEGORIES.forEach((category, index) => {
    const truth = objects.filter((object) => object.category === category);
    const found = judged.filter((object) => object.category === category);
    const matches = matchBoxes(
      found.map(({ box, logit }) => ({ box, score: logit })),
      truth.map(({ box }) => toFrame(frame, box)),
    );
    found.forEach(({ logit, defectLogit }, place) => {
      const match = truth[matches[place]!];
      add(cases.get(category)!, logit, match !== undefined);
      if (match !== undefined) add(cases.get(DEFECT_CATEGORIES[index]!)!, defectLogit, match.defective);
    });
  });
}

function add({ logits, outcomes }: Cases, logit: number, outcome: boolean): void {
  logits.push(logit);
  outcomes.push(outcome ? 1 : 0);
}

function fitCases({ logits, outcomes }: Cases): PlattScaling {
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  if (positives < FEWEST_CASES || outcomes.length - positives < FEWEST_CASES)
    return { slope: 1, intercept: 0 };
  return fitPlatt(logits, outcomes);
}
