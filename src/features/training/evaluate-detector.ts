/** Measures a detector on pictures with known truth, with intervals that say how far to trust the figures. */
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { DEFECT_CATEGORIES, OBJECT_CATEGORIES } from '../../catalogue/models/defect-detector/defaults.ts';
import type {
  DetectionCategory,
  DetectorParameters,
} from '../../catalogue/models/defect-detector/parameters.ts';
import type { TrueObject } from '../../catalogue/models/defect-detector/training-example.ts';
import type { Detection } from '../../core/domain/detection.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { averagePrecision } from '../../core/statistics/average-precision.ts';
import { testCalibration, type CalibrationTest } from '../../core/statistics/calibration-test.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { wilsonInterval, type Interval } from '../../core/statistics/wilson-interval.ts';
import type { LabelledPicture } from './detector-pictures.ts';
import { cornersOf, matchBoxes } from './match-detections.ts';

/** A share with what it was counted on; the interval is Wilson's at 95 %. */
export interface Share extends Interval {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

export interface CategoryFigures {
  /** Area under the precision-recall curve at an overlap of 0.5; null where the category does not occur. */
  readonly averagePrecision50: number | null;
  /** Found, with the right box, at the model's threshold. */
  readonly recall: Share;
  /** Reported at the model's threshold where there is none. */
  readonly falseDetections: number;
}

export interface DetectorFigures {
  readonly pictures: number;
  readonly categories: Readonly<Record<DetectionCategory, CategoryFigures>>;
  /** Both kinds of defect together. */
  readonly defectRecall: Share;
  /** Healthy objects; times 100 it is false defects in a hundred of them. */
  readonly falseDefectsPerHealthyObject: Share;
  /** Of the probabilities of defects; p-value against perfectly calibrated ones. */
  readonly defectCalibration: CalibrationTest;
}

/** One reported box, and whether it was right. */
interface Judged {
  readonly score: number;
  readonly correct: 0 | 1;
}

const CALIBRATION_SEED = 'detector calibration';

export async function evaluateDetector(
  inspection: LineInspection,
  thresholds: DetectorParameters['thresholds'],
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
): Promise<DetectorFigures> {
  const judged = perCategory((): Judged[] => []);
  const truths = perCategory(() => ({ count: 0 }));
  let healthy = 0;
  let done = 0;
  for (const picture of pictures) {
    const { pixels, objects } = await picture.read();
    const detections = await inspection.inspect(pixels, { minimumScore: 0 });
    healthy += objects.filter((object) => !object.defective).length;
    for (const category of categories) {
      const truth = truthOf(category, objects);
      truths[category].count += truth.length;
      judged[category].push(...judge(detections, category, truth));
    }
    onProgress({ stage: 'evaluating the detector', done: ++done, total: pictures.length });
  }
  const figures = mapCategories((category) =>
    summarise(judged[category], truths[category].count, thresholds[category]),
  );
  const defects = DEFECT_CATEGORIES.map((category) => figures[category]);
  const stated = DEFECT_CATEGORIES.flatMap((category) => judged[category]);
  return {
    pictures: pictures.length,
    categories: figures,
    defectRecall: shareOf(
      sum(defects.map(({ recall }) => recall.count)),
      sum(defects.map(({ recall }) => recall.of)),
    ),
    falseDefectsPerHealthyObject: shareOf(
      sum(defects.map(({ falseDetections }) => falseDetections)),
      healthy,
    ),
    defectCalibration: testCalibration(
      stated.map(({ score }) => score),
      stated.map(({ correct }) => correct),
      createRandom(CALIBRATION_SEED),
    ),
  };
}

const categories: readonly DetectionCategory[] = [...OBJECT_CATEGORIES, ...DEFECT_CATEGORIES];

/** A defect is where its object is. */
function truthOf(category: DetectionCategory, objects: readonly TrueObject[]): TrueObject[] {
  const defect = DEFECT_CATEGORIES.findIndex((name) => name === category);
  if (defect < 0) return objects.filter((object) => object.category === category);
  return objects.filter((object) => object.category === OBJECT_CATEGORIES[defect] && object.defective);
}

function judge(
  detections: readonly Detection[],
  category: DetectionCategory,
  truth: readonly TrueObject[],
): Judged[] {
  const found = detections
    .filter((detection) => detection.category === category)
    .map(({ bbox, score }) => ({ box: cornersOf(bbox), score }));
  const matches = matchBoxes(
    found,
    truth.map(({ box }) => box),
  );
  return found.map(({ score }, index) => ({ score, correct: matches[index]! >= 0 ? 1 : 0 }));
}

function summarise(judged: readonly Judged[], truths: number, threshold: number): CategoryFigures {
  const reported = judged.filter(({ score }) => score >= threshold);
  const found = reported.filter(({ correct }) => correct === 1).length;
  const everFound = judged.filter(({ correct }) => correct === 1).length;
  // The statistic averages over what was found; truths never found count as precision 0.
  const precision = averagePrecision(
    judged.map(({ score }) => score),
    judged.map(({ correct }) => correct),
  );
  return {
    averagePrecision50: truths === 0 ? null : everFound === 0 ? 0 : (precision * everFound) / truths,
    recall: shareOf(found, truths),
    falseDetections: reported.length - found,
  };
}

function shareOf(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : count / of, ...wilsonInterval(Math.min(count, of), of) };
}

function perCategory<T>(make: () => T): Record<DetectionCategory, T> {
  return mapCategories(make);
}

function mapCategories<T>(make: (category: DetectionCategory) => T): Record<DetectionCategory, T> {
  return {
    insulator: make('insulator'),
    joint: make('joint'),
    broken_insulator: make('broken_insulator'),
    failing_joint: make('failing_joint'),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
