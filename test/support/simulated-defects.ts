/**
 * A flight around one tower with a known number of defects: which boxes its photographs show, and which defect each is.
 *
 * Cameras err as in simulated-flight.ts; altitude and pitch by the standard deviations of barometers and gimbals. Bursts are
 * frames from one place, a little shifted; a defect in the frame is found in four of five pictures.
 */
import type { Picture, Sighting } from '../../src/core/findings/sighting.ts';
import { fieldOfView, type CameraPose, type FieldOfView } from '../../src/core/geometry/camera-pose.ts';
import type { Box } from '../../src/core/geometry/box-overlap.ts';
import { sumOfSight } from '../../src/core/geometry/point-on-tower.ts';
import { sightLine } from '../../src/core/geometry/sight-line.ts';
import type { Random } from '../../src/core/statistics/random.ts';
import { POSITION_METRE, YAW_DEG, type Receiver } from './simulated-flight.ts';

export interface SimulatedSighting extends Sighting {
  readonly defect: number;
}

export interface DefectFlight {
  readonly pictures: readonly Picture[];
  readonly sightings: readonly SimulatedSighting[];
  /** Defects that at least one sighting shows. */
  readonly seen: number;
}

type Point = readonly [east: number, north: number, up: number];

const TOWER = { latitudeDeg: 47.3, longitudeDeg: 8.5 };
const METRE_PER_DEGREE = 111_195;
const SIZE = { widthPx: 4000, heightPx: 3000 };
const RECALL = 0.8;
const ARM_HEIGHTS_METRE = [18, 24, 30];
const ARM_METRE = 5;
const ALTITUDE_METRE = 1;
const PITCH_DEG = 0.5;
/** In shares of the frame: what the hash still takes for one view. */
const BURST_SHIFT = 0.01;
const EMBEDDING_SIZE = 16;

/** @param receiver null for a camera that writes no position */
export function flyAroundDefects(
  random: Random,
  receiver: Receiver | null,
  defectCount: number,
  viewCount: number,
): DefectFlight {
  const azimuth = 2 * Math.PI * random.uniform();
  const defects = chooseSpots(random, defectCount).map(([side, up]): Point => [
    side * Math.sin(azimuth),
    side * Math.cos(azimuth),
    up,
  ]);
  const looks = defects.map(() => Array.from({ length: EMBEDDING_SIZE }, () => random.normal()));
  const errors = errorsOf(random, receiver ?? 'rtk');
  const view = fieldOfView([24, 35, 48][Math.floor(random.uniform() * 3)]!, SIZE);
  const pictures: Picture[] = [];
  const sightings: SimulatedSighting[] = [];
  for (let index = 0; index < viewCount; index++) {
    const shot = aim(random, defects[Math.floor(random.uniform() * defects.length)]!, azimuth);
    const pose = errors(shot, view);
    const hash = randomHash(random);
    const frames = random.uniform() < 0.3 ? 3 : 1;
    for (let frame = 0; frame < frames; frame++) {
      const imageId = `view-${String(index).padStart(3, '0')}-${frame}`;
      const shift = [frame * BURST_SHIFT * random.normal(), frame * BURST_SHIFT * random.normal()] as const;
      const boxes = defects.map((defect) => project(defect, shot, view, shift));
      pictures.push({
        imageId,
        takenAt: new Date(Date.UTC(2026, 5, 1, 10, 0, index * 20 + frame)),
        hash: flipped(hash, 2 * frame, random),
        objects: boxes.flatMap((box) => (box ? [{ category: 'joint', box: grown(box) }] : [])),
      });
      for (const [defect, box] of boxes.entries()) {
        if (!box || random.uniform() > RECALL) continue;
        const line = receiver && sightLine(pose, TOWER, [box[0] + box[2] / 2, box[1] + box[3] / 2]);
        sightings.push({
          imageId,
          kind: 'failing_joint',
          score: 0.7 + 0.3 * random.uniform(),
          box,
          sights: line && sumOfSight(line),
          embedding: looks[defect]!.map((value) => value + 0.7 * random.normal()),
          defect,
        });
      }
    }
  }
  return { pictures, sightings, seen: new Set(sightings.map(({ defect }) => defect)).size };
}

/** Ends of different arms: no two defects of a kind hang at one place. */
function chooseSpots(random: Random, count: number): (readonly [side: number, up: number])[] {
  const spots = ARM_HEIGHTS_METRE.flatMap((up) => [-ARM_METRE, ARM_METRE].map((side) => [side, up] as const));
  return spots
    .map((spot) => ({ spot, key: random.uniform() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ spot: [side, up] }) => [side + 0.5 * random.normal(), up + 0.5 * random.normal()]);
}

interface Shot {
  readonly camera: Point;
  readonly yaw: number;
  readonly pitch: number;
}

/** From 9 to 25 m, from all sides, not quite at the middle of the frame. */
function aim(random: Random, [east, north, up]: Point, armAzimuth: number): Shot {
  const distance = 9 + 16 * random.uniform();
  const side = random.uniform() < 0.5 ? Math.PI / 2 : -Math.PI / 2;
  const bearing = armAzimuth + side + 0.6 * random.normal();
  const elevation = -0.2 + 0.7 * random.uniform();
  const camera: Point = [
    east + distance * Math.cos(elevation) * Math.sin(bearing),
    north + distance * Math.cos(elevation) * Math.cos(bearing),
    up + distance * Math.sin(elevation),
  ];
  return {
    camera,
    yaw: Math.atan2(east - camera[0], north - camera[1]) + 0.08 * random.normal(),
    pitch: -elevation + 0.06 * random.normal(),
  };
}

function errorsOf(random: Random, receiver: Receiver) {
  const [ofFlight, ofPicture] = POSITION_METRE[receiver];
  const bias = [ofFlight * random.normal(), ofFlight * random.normal()] as const;
  const yawBias = YAW_DEG[0] * random.normal();
  return ({ camera, yaw, pitch }: Shot, view: FieldOfView): CameraPose => ({
    latitudeDeg: TOWER.latitudeDeg + (camera[1] + bias[1] + ofPicture * random.normal()) / METRE_PER_DEGREE,
    longitudeDeg:
      TOWER.longitudeDeg +
      (camera[0] + bias[0] + ofPicture * random.normal()) /
        (METRE_PER_DEGREE * Math.cos((TOWER.latitudeDeg * Math.PI) / 180)),
    positionSigmaMetre: receiver === 'rtk' ? 0.03 : 4,
    relativeAltitudeMetre: camera[2] + ALTITUDE_METRE * random.normal(),
    yawDeg: (yaw * 180) / Math.PI + yawBias + YAW_DEG[1] * random.normal(),
    yawSigmaDeg: 4,
    pitchDeg: (pitch * 180) / Math.PI + PITCH_DEG * random.normal(),
    view,
  });
}

/** A box of half a metre about the point; null outside of the frame. */
function project(point: Point, shot: Shot, view: FieldOfView, shift: readonly [number, number]): Box | null {
  const { yaw, pitch, camera } = shot;
  const [e, n, u] = [point[0] - camera[0], point[1] - camera[1], point[2] - camera[2]];
  const level = e * Math.sin(yaw) + n * Math.cos(yaw);
  const ahead = level * Math.cos(pitch) + u * Math.sin(pitch);
  if (ahead < 1) return null;
  const right = e * Math.cos(yaw) - n * Math.sin(yaw);
  const up = u * Math.cos(pitch) - level * Math.sin(pitch);
  const half = [tan(view.horizontalDeg), tan(view.verticalDeg)] as const;
  const [width, height] = [0.25 / ahead / half[0], 0.25 / ahead / half[1]];
  const x = 0.5 + right / ahead / half[0] / 2 + shift[0];
  const y = 0.5 - up / ahead / half[1] / 2 + shift[1];
  const isInFrame = x > width / 2 && x < 1 - width / 2 && y > height / 2 && y < 1 - height / 2;
  return isInFrame ? [x - width / 2, y - height / 2, width, height] : null;
}

function tan(fullAngleDeg: number): number {
  return Math.tan((fullAngleDeg * Math.PI) / 360);
}

function grown([x, y, width, height]: Box): Box {
  return [x - width, y - height, 3 * width, 3 * height];
}

function randomHash(random: Random): string {
  return Array.from({ length: 16 }, () => Math.floor(16 * random.uniform()).toString(16)).join('');
}

function flipped(hash: string, bits: number, random: Random): string {
  const digits = [...hash].map((digit) => parseInt(digit, 16));
  for (let bit = 0; bit < bits; bit++)
    digits[Math.floor(16 * random.uniform())]! ^= 1 << Math.floor(4 * random.uniform());
  return digits.map((digit) => digit.toString(16)).join('');
}
