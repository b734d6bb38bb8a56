import { describe, expect, it } from 'vitest';
import { fieldOfView, type CameraPose } from './camera-pose.ts';
import { viewOfTower } from './view-of-tower.ts';

const pose: CameraPose = {
  latitudeDeg: 47,
  longitudeDeg: 8,
  positionSigmaMetre: 0.03,
  relativeAltitudeMetre: 30,
  yawDeg: 0,
  yawSigmaDeg: 4,
  pitchDeg: 0,
  view: { horizontalDeg: 90, verticalDeg: 60 },
};
const tower = { latitudeDeg: 47 + 20 / 111_195, longitudeDeg: 8 };

describe('the view of a tower', () => {
  it('is a band about the height of a camera that looks level', () => {
    const view = viewOfTower(pose, tower, 4000)!;
    expect(view.lowestMetre).toBeCloseTo(30 - 20 * Math.tan(Math.PI / 6), 2);
    expect(view.highestMetre).toBeCloseTo(30 + 20 * Math.tan(Math.PI / 6), 2);
    // 90 degrees at 20 m are 40 m, on 4,000 pixels.
    expect(view.millimetrePerPixel).toBeCloseTo(10, 2);
  });

  it('moves down with the gimbal, and stays finite where the camera looks straight down', () => {
    const down = viewOfTower({ ...pose, pitchDeg: -30 }, tower, 4000)!;
    expect(down.highestMetre).toBeCloseTo(30, 5);
    expect(down.lowestMetre).toBeLessThan(0);
    expect(Object.values(viewOfTower({ ...pose, pitchDeg: -90 }, tower, 4000)!).every(Number.isFinite)).toBe(
      true,
    );
  });

  it('is not known where the camera does not say how high it was', () => {
    expect(viewOfTower({ ...pose, relativeAltitudeMetre: null }, tower, 4000)).toBeNull();
  });
});

describe('the field of view', () => {
  it('of a 24 mm equivalent on 4:3 is 73.7 by 58.7 degrees', () => {
    const view = fieldOfView(24, { widthPx: 4000, heightPx: 3000 });
    expect(view.horizontalDeg).toBeCloseTo(71.6, 1);
    expect(view.verticalDeg).toBeCloseTo(56.8, 1);
  });

  it('is upright where the picture is', () => {
    const view = fieldOfView(24, { widthPx: 3000, heightPx: 4000 });
    expect(view.verticalDeg).toBeGreaterThan(view.horizontalDeg);
  });
});
