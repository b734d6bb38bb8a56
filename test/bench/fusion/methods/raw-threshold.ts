/** Baseline: a fixed limit on how far any channel is from the sensor's own mean, whatever the weather. */
import type { FusionMethod } from '../method.ts';
import { channelScales, deviationsFromOwnPast, furthest } from './own-level.ts';

export const rawThreshold: FusionMethod = {
  name: 'raw threshold',
  scoresAre: 'ranks',
  fit({ series }) {
    const scales = channelScales(series);
    return { score: (own) => ({ score: furthest(deviationsFromOwnPast(own, scales)) }) };
  },
};
