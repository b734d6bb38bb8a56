/** What cannot be trained on is refused before any work, and says why. */
import { describe, expect, it } from 'vitest';
import { untrainedBackbone } from '../../../test/support/untrained-models.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import { prepareCompute } from '../../platform/compute/choose-backend.ts';
import type { DetectorData, LabelledPicture } from './detector-data.ts';
import { trainDetector } from './train-detector.ts';

const picture = (name: string, ...categories: string[]): LabelledPicture => ({
  name,
  boxes: categories.map((category) => ({ category, box: [0, 0, 10, 10] })),
  read: () => Promise.reject(new Error('no picture should be opened')),
});
const seen = [picture('a.jpg', 'insulator')];
const measuredOn = (pictures: readonly LabelledPicture[]): DetectorData['measured'] => [
  { name: 'validation', pictures, clusters: pictures.map((_, index) => index) },
];

function train(changes: Partial<DetectorData>) {
  const data: DetectorData = {
    classes: [{ name: 'insulator', kind: 'object' }],
    training: seen,
    calibration: seen,
    measured: measuredOn(seen),
    description: {},
    ...changes,
  };
  const request = { data, backbone: untrainedBackbone(1), seed: 1, now: new Date(0), environment: {} };
  return trainDetector(request, ignoreProgress);
}

describe('trainDetector', () => {
  it('refuses an empty part of the data set, naming it', async () => {
    await expect(train({ training: [] })).rejects.toThrow('no picture for training');
    await expect(train({ calibration: [] })).rejects.toThrow('no picture for calibration');
    await expect(train({ measured: measuredOn([]) })).rejects.toThrow('no picture for validation');
  });

  it('refuses to watch pictures that show nothing', async () => {
    await expect(train({ measured: measuredOn([picture('b.jpg')]) })).rejects.toThrow('shows anything');
  });

  it('refuses a class that no training picture shows, naming picture and class', async () => {
    const measured = measuredOn([picture('b.jpg', 'flashover')]);
    await expect(train({ measured })).rejects.toThrow('b.jpg shows flashover');
  });

  it.each(['wasm', 'cpu'] as const)('refuses %s, whose gradients are not to be had', async (backend) => {
    await prepareCompute(backend);
    await expect(train({})).rejects.toThrow('npm run tensorflow');
  });
});
