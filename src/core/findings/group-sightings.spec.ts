/** Counts defects on simulated flights, with and without pose, and holds the grouping to what docs/review.md says of it. */
import { describe, expect, it } from 'vitest';
import { flyAroundDefects, type DefectFlight } from '../../../test/support/simulated-defects.ts';
import type { Receiver } from '../../../test/support/simulated-flight.ts';
import { createRandom } from '../statistics/random.ts';
import { groupSightings } from './group-sightings.ts';
import type { SightingGroup } from './sighting-group.ts';

const FLIGHTS = 400;
const VIEWS = 8;

function flights(receiver: Receiver | null, defects: number, count = FLIGHTS): DefectFlight[] {
  return Array.from({ length: count }, (_, index) =>
    flyAroundDefects(createRandom(`defects/${index}`), receiver, defects, VIEWS),
  ).filter(({ seen }) => seen > 0);
}

function group({ sightings, pictures }: DefectFlight): SightingGroup[] {
  return groupSightings(sightings, pictures);
}

const spell = (groups: readonly SightingGroup[]) =>
  groups
    .map((each) =>
      each.sightings
        .map(({ imageId, box }) => `${imageId} ${box.join()}`)
        .sort()
        .join(),
    )
    .sort();

describe('defects counted on flights of eight views, some of them bursts', () => {
  // Less than measured with 1,000 other flights by three standard deviations of a share of 400.
  it.each([
    ['rtk', 1, 0.98],
    ['rtk', 2, 0.96],
    ['rtk', 3, 0.91],
    ['rtk', 4, 0.84],
    ['uncorrected', 1, 0.97],
    ['uncorrected', 2, 0.89],
    ['uncorrected', 3, 0.75],
    ['uncorrected', 4, 0.61],
    [null, 1, 0.98],
    [null, 2, 0.68],
    [null, 3, 0.5],
    [null, 4, 0.36],
  ] as const)(
    'are as many as there are: receiver %s, %d defects, in at least %d of all flights',
    (receiver, defects, least) => {
      const flown = flights(receiver, defects);
      const right = flown.filter((flight) => group(flight).length === flight.seen).length;
      expect(right / flown.length).toBeGreaterThanOrEqual(least);
    },
    120_000,
  );

  it('are never more without pose than one picture or view shows at once, but for bursts that drift', () => {
    const flown = flights(null, 3);
    const over = flown.filter((flight) => group(flight).length > flight.seen).length;
    expect(over / flown.length).toBeLessThan(0.02);
  });

  it('do not depend on the order of pictures and boxes', () => {
    for (const [index, flight] of flights('uncorrected', 3, 30).entries()) {
      const random = createRandom(`order/${index}`);
      const shuffle = <Value>(values: readonly Value[]) =>
        values
          .map((value) => ({ value, key: random.uniform() }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
      const other = groupSightings(shuffle(flight.sightings), shuffle(flight.pictures));
      expect(spell(other)).toEqual(spell(group(flight)));
    }
  });

  it('have each box in exactly one of them, and none has two boxes that lie beside one another in one picture', () => {
    for (const flight of flights('rtk', 4, 60)) {
      const groups = group(flight);
      const all = groups.flatMap((each) => each.sightings);
      expect(new Set(all).size).toBe(flight.sightings.length);
      for (const { sightings } of groups) {
        expect(new Set(sightings.map(({ imageId }) => imageId)).size).toBe(sightings.length);
      }
    }
  });
});

describe('groupSightings', () => {
  const picture = (imageId: string, hash: string | null, second = 0) => ({
    imageId,
    takenAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    hash,
    objects: [] as { category: string; box: readonly [number, number, number, number] }[],
  });
  const sighting = (imageId: string, x: number, score = 0.9, embedding?: number[]) => ({
    imageId,
    kind: 'failing_joint',
    score,
    box: [x, 0.4, 0.1, 0.1] as const,
    sights: null,
    embedding,
  });
  const withObjects = (made: ReturnType<typeof picture>, ...xs: number[]) => ({
    ...made,
    objects: xs.map((x) => ({ category: 'joint', box: [x, 0.4, 0.1, 0.1] as const })),
  });

  it('takes boxes on one another in one picture for one, found twice', () => {
    const boxes = [sighting('a', 0.3), sighting('a', 0.31, 0.8), sighting('a', 0.6)];
    expect(groupSightings(boxes, [picture('a', null)]).map((each) => each.sightings.length)).toEqual([2, 1]);
  });

  it('follows a shift between frames of a burst, and keeps apart what lies beside', () => {
    const pictures = [
      withObjects(picture('a', '00000000000000ff', 0), 0.2, 0.5),
      withObjects(picture('b', '00000000000000fe', 1), 0.27, 0.57),
    ];
    const groups = groupSightings(
      [sighting('a', 0.2), sighting('b', 0.27), sighting('b', 0.57, 0.7)],
      pictures,
    );
    expect(groups.map((each) => each.sightings.map(({ imageId }) => imageId))).toEqual([['a', 'b'], ['b']]);
  });

  it('takes alike frames a day apart for two views', () => {
    const pictures = [picture('a', '00000000000000ff'), picture('b', '00000000000000ff', 86_400)];
    expect(groupSightings([sighting('a', 0.1), sighting('b', 0.8)], pictures)).toHaveLength(1);
  });

  it('gives each of two defects in one picture to what it looks like', () => {
    const boxes = [
      sighting('a', 0.1, 0.9, [1, 0]),
      sighting('a', 0.6, 0.8, [0, 1]),
      sighting('b', 0.1, 0.9, [0.1, 0.9]),
      sighting('b', 0.6, 0.8, [0.9, 0.2]),
    ];
    const groups = groupSightings(boxes, [picture('a', null), picture('b', null)]);
    expect(
      groups.map((each) => each.sightings.map(({ imageId, box }) => `${imageId}${box[0]}`).sort()),
    ).toEqual([
      ['a0.1', 'b0.6'],
      ['a0.6', 'b0.1'],
    ]);
  });

  it('finds nothing in nothing', () => {
    expect(groupSightings([], [])).toEqual([]);
  });
});
