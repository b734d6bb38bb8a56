/** However windows lie over a picture, each object on it gives one box. */
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../statistics/random.ts';
import { boxArea, intersectionOverUnion, sharedBox, type Corners } from './box.ts';
import { mergeViews, type View, type ViewRules } from './merge-views.ts';
import { cornersOf, planWindows, type Size, type Window } from './plan-windows.ts';

interface Sight extends View {
  readonly logit: number;
}

const CLASSES = 2;
/** Less of an object, or an object with a smaller side in the frame (px), an ideal detector doesn't see. */
const LEAST_SHARE = 0.4;
const LEAST_SIDE = 8;
/** Of an insulator string, length against width. */
const LONGEST_ASPECT = 9;

function rulesOf(frame: Size): ViewRules {
  return {
    frame,
    overlapLimit: 0.5,
    tolerance: 2,
    edge: 6,
    cutHandicap: 3,
    longest: 0.9 * frame.width,
    confirmed: { from: -2, overlap: 0.6 },
  };
}

const merge = (sights: readonly Sight[], windows: readonly Window[], frame: Size): Sight[] =>
  mergeViews(sights, windows, ({ logit }) => logit, rulesOf(frame));

describe('mergeViews', () => {
  it.each([0, 1])(
    'gives each of many objects one box over random grids, sides off by %d px of the frame',
    (jitter) => {
      const random = createRandom(`merge views/${jitter}`);
      let [objectCount, wholeNowhere] = [0, 0];
      for (let round = 0; round < 120; round++) {
        const frame = { width: 32 * within(random, 10, 30), height: 32 * within(random, 8, 24) };
        const picture = {
          width: frame.width * within(random, 1, 12),
          height: within(random, frame.height, 12 * frame.height),
        };
        const windows = planWindows(picture, frame);
        const objects = scatter(random, picture, frame);
        const sights = windows.flatMap((window) => idealSights(random, objects, window, frame, jitter));
        const merged = merge(sights, windows, frame);
        expect(merged).toHaveLength(objects.length);
        for (const { box, classIndex } of objects) {
          const [own, ...others] = merged.filter(
            (each) => each.classIndex === classIndex && intersectionOverUnion(each.box, box) > 0.5,
          );
          expect(own).toBeDefined();
          expect(others).toEqual([]);
          const isWhole = sights.some((sight) => intersectionOverUnion(sight.box, box) > 0.99);
          wholeNowhere += isWhole ? 0 : 1;
          if (jitter === 0 && isWhole) expect(intersectionOverUnion(own!.box, box)).toBeGreaterThan(0.9);
        }
        objectCount += objects.length;
      }
      // Both ways of making a box are met.
      expect(objectCount).toBeGreaterThan(1_000);
      if (jitter === 0) expect(wholeNowhere).toBeGreaterThan(5);
    },
  );

  const picture = { width: 4000, height: 3000 };
  const frame = { width: 640, height: 480 };
  const left = { left: 0, top: 0, width: 1280, height: 960 };
  const right = { left: 907, top: 0, width: 1280, height: 960 };
  const whole = { left: 0, top: 0, ...picture };
  const windows = [whole, left, right];
  const sight = (window: Window, box: Corners, logit: number, classIndex = 0): Sight => ({
    window,
    box,
    logit,
    classIndex,
  });

  it('takes the whole view of an object that the middle of a seam cuts, under its own certainty', () => {
    const [cut, one] = [sight(left, [1180, 400, 1280, 500], 5), sight(right, [1180, 400, 1380, 500], 3)];
    expect(merge([cut, one], windows, frame)).toEqual([one]);
  });

  it('takes an object larger than any tile from the whole picture', () => {
    const large = sight(whole, [200, 100, 3000, 700], 2);
    const parts = [sight(left, [200, 100, 1280, 700], 3), sight(right, [907, 100, 2187, 700], 4)];
    expect(merge([...parts, large], windows, frame)).toEqual([large]);
  });

  it('does not believe what a tile sees on an object that is too large for it', () => {
    const large = sight(whole, [200, 100, 3000, 700], 2);
    const [rib, crack] = [sight(right, [1000, 200, 1100, 600], 3), sight(left, [600, 300, 700, 400], 5, 1)];
    const beside = sight(left, [600, 750, 700, 850], 1, 1);
    expect(merge([large, rib, crack, beside], windows, frame)).toEqual([large, beside]);
    const doubtful = { ...large, logit: -1 };
    expect(merge([doubtful, crack], windows, frame)).toEqual([crack, doubtful]);
  });

  it('knows a string that runs aslant by the part of it that a tile shows', () => {
    const string = sight(whole, [400, 500, 1290, 790], 2);
    const end = sight(right, [915, 500, 1150, 610], 3);
    expect(merge([string, end], windows, frame)).toEqual([string]);
  });

  it('does not believe what the whole picture shows where a tile that holds it shows something else', () => {
    const blob = sight(whole, [300, 200, 700, 560], 3);
    const [one, two] = [sight(left, [310, 200, 500, 560], 2), sight(left, [520, 210, 690, 500], 1)];
    expect(merge([blob, one, two], windows, frame)).toEqual([one, two]);
    expect(merge([blob], windows, frame)).toEqual([]);
    const seenToo = sight(left, [310, 205, 690, 560], -1);
    expect(merge([blob, seenToo], windows, frame)).toEqual([blob]);
    const where = sight(whole, [2500, 2000, 2900, 2300], 3);
    expect(merge([where], windows, frame)).toEqual([where]);
  });

  it('joins the parts of an object that no window shows whole', () => {
    const parts = [sight(left, [300, 100, 1280, 140], 3), sight(right, [907, 101, 2000, 141], 4)];
    const joined = { ...parts[1], box: [300, 100, 2000, 141] };
    expect(merge(parts, windows, frame)).toEqual([joined]);
  });

  it('leaves boxes of one window, of two classes and of two things side by side as they are', () => {
    const inOne = [sight(left, [10, 10, 100, 100], 3), sight(left, [10, 10, 100, 99], 2)];
    const ofTwoClasses = [sight(left, [950, 10, 1050, 60], 3, 0), sight(right, [950, 10, 1050, 60], 2, 1)];
    const sideBySide = [sight(left, [950, 200, 1050, 230], 3), sight(right, [950, 232, 1050, 262], 2)];
    const all = [...inOne, ...ofTwoClasses, ...sideBySide];
    expect(merge(all, windows, frame)).toHaveLength(6);
  });

  it('does not let a poor whole view hide a cut one that is far more certain', () => {
    const [cut, poor] = [sight(left, [1100, 400, 1280, 500], 5), sight(right, [1100, 400, 1380, 500], -1)];
    expect(merge([cut, poor], windows, frame)).toEqual([cut]);
  });
});

/** Objects apart from one another, from what can just be seen in the smallest tile up to half the picture. */
function scatter(random: Random, picture: Size, frame: Size): Omit<View, 'window'>[] {
  const finest = planWindows(picture, frame).at(-1)!;
  const least = LEAST_SIDE * Math.max(finest.width / frame.width, finest.height / frame.height) + 2;
  const most = Math.min(picture.width, picture.height) / 2;
  const objects: Omit<View, 'window'>[] = [];
  for (let tries = 0; tries < 40; tries++) {
    const long = least * (most / least) ** random.uniform();
    const short = Math.max(least, long / LONGEST_ASPECT ** Math.min(1, 2 * random.uniform()));
    const [width, height] = random.uniform() < 0.5 ? [long, short] : [short, long];
    const x = random.uniform() * (picture.width - width);
    const y = random.uniform() * (picture.height - height);
    const box = [x, y, x + width, y + height] as const;
    if (objects.every((other) => boxArea(sharedBox(other.box, box)) === 0)) {
      objects.push({ box, classIndex: within(random, 0, CLASSES - 1) });
    }
  }
  return objects;
}

/** What of the objects lies in the window, each about as certain wherever it is seen. */
function idealSights(
  random: Random,
  objects: readonly Omit<View, 'window'>[],
  window: Window,
  frame: Size,
  jitter: number,
): Sight[] {
  const scale = Math.max(window.width / frame.width, window.height / frame.height);
  const edges = cornersOf(window);
  return objects.flatMap(({ box, classIndex }, index): Sight[] => {
    const part = sharedBox(box, edges);
    const side = Math.min(part[2] - part[0], part[3] - part[1]) / scale;
    if (side < LEAST_SIDE || boxArea(part) < LEAST_SHARE * boxArea(box)) return [];
    const off = () => jitter * scale * (2 * random.uniform() - 1);
    const seen = sharedBox([part[0] + off(), part[1] + off(), part[2] + off(), part[3] + off()], edges);
    return [{ box: seen, classIndex, window, logit: (index % 6) + random.uniform() }];
  });
}

/** A whole number, both ends included. */
function within(random: Random, least: number, most: number): number {
  return least + Math.floor(random.uniform() * (most - least + 1));
}
