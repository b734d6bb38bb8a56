/** Flies simulated missions along parallel circuits and holds the match to what it promises: right, and honest about it. */
import { describe, expect, it } from 'vitest';
import { flyInspection, type Receiver } from '../../../test/support/simulated-flight.ts';
import { createRandom } from '../statistics/random.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { CameraPose } from './camera-pose.ts';
import { weighTowers, type TowerPlace } from './tower-match.ts';

const FLIGHTS = 1_600;
const PICTURES = 20;

interface Judged {
  readonly probability: number;
  readonly isRight: boolean;
  readonly showsTower: boolean;
}

function judge(receiver: Receiver): Judged[] {
  return Array.from({ length: FLIGHTS }, (_, flight) => flight).flatMap((flight) =>
    flyInspection(createRandom(`match/${flight}`), receiver, PICTURES).map(({ pose, towers, truth }) => {
      const [best] = weighTowers(pose, towers).towers;
      return { probability: best!.probability, isRight: best!.tower === truth, showsTower: truth !== null };
    }),
  );
}

describe('the tower of a photograph, on flights along parallel circuits', () => {
  const judged = new Map<Receiver, Judged[]>();
  const of = (receiver: Receiver): Judged[] => {
    if (!judged.has(receiver)) judged.set(receiver, judge(receiver));
    return judged.get(receiver)!;
  };

  it.each([
    ['rtk', 0.99],
    ['uncorrected', 0.95],
  ] as const)(
    'is the likeliest one: with a receiver that is %s in at least %d of all cases',
    (receiver, least) => {
      const shown = of(receiver).filter(({ showsTower }) => showsTower);
      const right = shown.filter(({ isRight }) => isRight).length;
      expect(right / shown.length).toBeGreaterThanOrEqual(least);
    },
    120_000,
  );

  it('is right in 88 to 92 of a hundred matches that are said to be right in 90', () => {
    const said = [...of('rtk'), ...of('uncorrected')].filter(
      ({ probability }) => probability >= 0.86 && probability < 0.94,
    );
    const mean = said.reduce((sum, { probability }) => sum + probability, 0) / said.length;
    expect(Math.abs(mean - 0.9)).toBeLessThan(0.015);
    expect(said.length).toBeGreaterThan(1_300);
    // The share of so many is itself known to 1.4 % or so (95 %): it must agree with 2 % above or below what is said.
    const { lower, upper } = wilsonInterval(said.filter(({ isRight }) => isRight).length, said.length);
    expect(upper - lower).toBeLessThan(0.03);
    expect(lower).toBeLessThanOrEqual(mean + 0.02);
    expect(upper).toBeGreaterThanOrEqual(mean - 0.02);
  }, 120_000);

  it('is wrong in less than one of a hundred matches that no person looks at', () => {
    const alone = [...of('rtk'), ...of('uncorrected')].filter(({ probability }) => probability >= 0.9);
    const wrong = alone.filter(({ isRight }) => !isRight).length;
    expect(wrong / alone.length).toBeLessThan(0.01);
    expect(alone.length).toBeGreaterThan(0.9 * 2 * FLIGHTS * PICTURES * 0.97);
  }, 120_000);
});

describe('weighTowers', () => {
  const north = (metre: number) => 47 + metre / 111_195;
  const tower = (towerId: string, northMetre: number): TowerPlace => ({
    lineId: 'L',
    towerId,
    latitudeDeg: north(northMetre),
    longitudeDeg: 8,
  });
  const pose: CameraPose = {
    latitudeDeg: 47,
    longitudeDeg: 8,
    positionSigmaMetre: 0.03,
    relativeAltitudeMetre: 25,
    yawDeg: 0,
    yawSigmaDeg: 4,
    pitchDeg: 0,
    view: { horizontalDeg: 74, verticalDeg: 53 },
  };
  const [ahead, behind] = [tower('ahead', 20), tower('behind', -16)];

  it('takes the tower that the camera looks at, not the nearest', () => {
    const { towers } = weighTowers(pose, [behind, ahead]);
    expect(towers[0]).toMatchObject({ tower: ahead });
    expect(towers[0]!.probability).toBeGreaterThan(0.99);
  });

  it('is torn between two where the camera does not say where it looks', () => {
    const { towers } = weighTowers({ ...pose, yawDeg: null, pitchDeg: null }, [behind, ahead]);
    expect(towers[0]!.probability).toBeLessThan(0.7);
  });

  it('says none where the camera looks away from all, and of no towers at all', () => {
    expect(weighTowers({ ...pose, yawDeg: 90 }, [behind, ahead]).none).toBeGreaterThan(0.9);
    expect(weighTowers(pose, [])).toEqual({ towers: [], none: 1 });
  });

  it('weighs what stands below a camera that looks straight down, whatever its yaw', () => {
    const down = { ...pose, pitchDeg: -90, relativeAltitudeMetre: 55, yawDeg: 217 };
    const { towers } = weighTowers(down, [tower('below', 1), tower('aside', 45)]);
    expect(towers[0]!.tower.towerId).toBe('below');
    expect(towers[0]!.probability).toBeGreaterThan(0.99);
  });

  it('stays finite where the camera may have been in the tower', () => {
    const nowhere = { ...pose, relativeAltitudeMetre: null, yawDeg: null, positionSigmaMetre: 4 };
    for (const metre of [0, 1e-9, 5, 11.12]) {
      expect(weighTowers(nowhere, [tower('here', metre)]).towers[0]!.probability).toBeGreaterThan(0.5);
    }
  });

  it('adds up to one', () => {
    const { towers, none } = weighTowers({ ...pose, positionSigmaMetre: 4 }, [behind, ahead]);
    expect(towers.reduce((sum, { probability }) => sum + probability, none)).toBeCloseTo(1, 12);
  });
});
