/** What a detector is worth, in figures with intervals that say how far to trust them. */
import type { DetectorClass } from '../../catalogue/models/defect-detector/parameters.ts';
import { testCalibration, type CalibrationTest } from '../../core/statistics/calibration-test.ts';
import { clusterBootstrap } from '../../core/statistics/cluster-bootstrap.ts';
import { interpolatedPrecision, recallAtPrecision } from '../../core/statistics/interpolated-precision.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { wilsonInterval, type Interval } from '../../core/statistics/wilson-interval.ts';
import type { InspectedPicture } from './inspect-pictures.ts';
import { matchBoxes, SAME_OBJECT } from './match-detections.ts';

/** 95 %, from a bootstrap over clusters of pictures that resemble one another; null where there is nothing to find. */
export type Estimate = (Interval & { readonly value: number }) | null;

/** A share with what it was counted on; the interval is Wilson's at 95 %. */
export interface Share extends Interval {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

export interface ClassFigures {
  readonly objects: number;
  /** Average precision at overlaps of 0.5 and 0.75, and the mean over 0.5, 0.55 … 0.95. */
  readonly ap50: Estimate;
  readonly ap75: Estimate;
  readonly ap50to95: Estimate;
  /** Share found while 95 % of what is reported is right. */
  readonly recallAtPrecision95: Estimate;
  /** Found at the model's threshold. */
  readonly recall: Share;
  /** Reported at the model's threshold where there is none. */
  readonly falseDetections: number;
  /** Recall at the threshold by the side of the object, as a share of the picture's width. */
  readonly recallBySize: Readonly<Record<SizeName, Share>>;
  /** Of the stated probabilities; p-value against perfectly calibrated ones. */
  readonly calibration: CalibrationTest;
}

export interface DetectorFigures {
  readonly pictures: number;
  readonly clusters: number;
  readonly classes: Readonly<Record<string, ClassFigures>>;
  /** All kinds of defect together, found at their thresholds. */
  readonly defectRecall: Share;
  /** Pictures without a defect on which one is reported. */
  readonly falseDefectPictures: Share;
}

const OVERLAPS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const FIXED_PRECISION = 0.95;
/** Square root of a box's area against the picture's width; a 50th of a picture is what drones are flown for. */
const SIZES = { small: [0, 0.05], medium: [0.05, 0.2], large: [0.2, Infinity] } as const;
type SizeName = keyof typeof SIZES;
const BOOTSTRAP_DRAWS = 400;
const SEED = 'detector figures';

/**
 * @param clusters of each picture the number of its cluster
 * @param draws of the bootstrap; none where only the values are wanted, quickly
 */
export function detectorFigures(
  pictures: readonly InspectedPicture[],
  clusters: readonly number[],
  classes: readonly DetectorClass[],
  draws = BOOTSTRAP_DRAWS,
): DetectorFigures {
  const figures = Object.fromEntries(
    classes.map((each) => [each.name, classFigures(pictures, clusters, each, draws)]),
  );
  const defects = classes.filter(({ kind }) => kind === 'defect');
  const isDefect = (name: string): boolean => defects.some((each) => each.name === name);
  const clean = pictures.filter(({ truths }) => !truths.some(({ category }) => isDefect(category)));
  const flagged = clean.filter(({ found }) =>
    found.some(({ category, score }) => defects.some((d) => d.name === category && score >= d.threshold)),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    pictures: pictures.length,
    clusters: new Set(clusters).size,
    classes: figures,
    defectRecall: shareOf(
      sum(defects.map(({ name }) => figures[name]!.recall.count)),
      sum(defects.map(({ name }) => figures[name]!.recall.of)),
    ),
    falseDefectPictures: shareOf(flagged.length, clean.length),
  };
}

/** Of one class, one picture: scores, whether each was right at each overlap, and how many there were to find. */
interface PictureTally {
  readonly scores: readonly number[];
  readonly correct: readonly (readonly number[])[];
  readonly objects: number;
}

function classFigures(
  pictures: readonly InspectedPicture[],
  clusters: readonly number[],
  { name, threshold }: DetectorClass,
  draws: number,
): ClassFigures {
  const tallies = pictures.map((picture) => tally(picture, name));
  const random = createRandom(`${SEED}/${name}`);
  const objects = tallies.reduce((total, each) => total + each.objects, 0);
  const estimate = (figure: (members: readonly PictureTally[]) => number): Estimate => {
    if (objects === 0) return null;
    const value = figure(tallies);
    const drawn = (members: readonly number[]): number => figure(members.map((member) => tallies[member]!));
    const interval = clusterBootstrap(random, clusters, drawn, draws);
    return { value, ...interval };
  };
  const apAt = (overlap: number) => (members: readonly PictureTally[]) => {
    const { scores, correct, total } = join(members, overlap);
    return interpolatedPrecision(scores, correct, total);
  };
  const all = join(tallies, 0);
  const reported = all.scores.flatMap((score, i) => (score >= threshold ? [all.correct[i]!] : []));
  const right = reported.filter((correct) => correct === 1).length;
  return {
    objects,
    ap50: estimate(apAt(0)),
    ap75: estimate(apAt(OVERLAPS.indexOf(0.75))),
    ap50to95: estimate(
      (members) => OVERLAPS.reduce((sum, _, i) => sum + apAt(i)(members), 0) / OVERLAPS.length,
    ),
    recallAtPrecision95: estimate((members) => {
      const { scores, correct, total } = join(members, 0);
      return recallAtPrecision(scores, correct, total, FIXED_PRECISION);
    }),
    recall: shareOf(right, objects),
    falseDetections: reported.length - right,
    recallBySize: {
      small: recallOfSize(pictures, name, threshold, 'small'),
      medium: recallOfSize(pictures, name, threshold, 'medium'),
      large: recallOfSize(pictures, name, threshold, 'large'),
    },
    calibration: testCalibration(all.scores, all.correct, random.fork('calibration')),
  };
}

function tally({ truths, found }: InspectedPicture, name: string): PictureTally {
  const own = found.filter(({ category }) => category === name);
  const there = truths.filter(({ category }) => category === name).map(({ box }) => box);
  return {
    scores: own.map(({ score }) => score),
    correct: OVERLAPS.map((overlap) => matchBoxes(own, there, overlap).map((match) => (match >= 0 ? 1 : 0))),
    objects: there.length,
  };
}

function join(
  tallies: readonly PictureTally[],
  overlap: number,
): { scores: number[]; correct: number[]; total: number } {
  return {
    scores: tallies.flatMap(({ scores }) => scores),
    correct: tallies.flatMap(({ correct }) => correct[overlap]!),
    total: tallies.reduce((sum, { objects }) => sum + objects, 0),
  };
}

function recallOfSize(
  pictures: readonly InspectedPicture[],
  name: string,
  threshold: number,
  size: SizeName,
): Share {
  const [least, most] = SIZES[size];
  let [count, of] = [0, 0];
  for (const { truths, found, width } of pictures) {
    const own = found.filter(({ category, score }) => category === name && score >= threshold);
    const there = truths.filter(({ category }) => category === name).map(({ box }) => box);
    const matches = new Set(matchBoxes(own, there, SAME_OBJECT));
    there.forEach(([left, top, right, bottom], index) => {
      const side = Math.sqrt((right - left) * (bottom - top)) / width;
      if (side < least || side >= most) return;
      of += 1;
      count += matches.has(index) ? 1 : 0;
    });
  }
  return shareOf(count, of);
}

export function shareOf(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : count / of, ...wilsonInterval(Math.min(count, of), of) };
}
