/** Baseline: distance from what the sensor usually shows at this hour of the day, learned as readings come. */
import {
  toModelScale,
  type ChannelScale,
} from '../../../../src/catalogue/models/impedance-anomaly/channel-scale.ts';
import type { SensorSeries } from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import type { FusionMethod } from '../method.ts';
import { channelScales, furthest, WARM_UP_MS } from './own-level.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;
/** Follows the seasons, and takes a defect for normal after about as long. */
const MEMORY_MS = 30 * 24 * HOUR_MS;

export const seasonalZScore: FusionMethod = {
  name: 'seasonal z-score',
  scoresAre: 'ranks',
  fit({ series }) {
    const scales = channelScales(series);
    return {
      score: (own) => ({
        score: furthest(own.channels.map((_, channel) => seasonalDeviations(own, channel, scales[channel]!))),
      }),
    };
  },
};

function seasonalDeviations(series: SensorSeries, channel: number, scale: ChannelScale): Float32Array {
  const mean = new Float64Array(HOURS);
  const variance = new Float64Array(HOURS);
  const weight = new Float64Array(HOURS);
  const seenAt = new Float64Array(HOURS);
  const readyAt = series.observedAt[0]! + WARM_UP_MS;
  return Float32Array.from(series.channels[channel]!, (raw, at) => {
    if (Number.isNaN(raw)) return NaN;
    const time = series.observedAt[at]!;
    const hour = Math.floor(time / HOUR_MS) % HOURS;
    const change = toModelScale(scale, raw) - mean[hour]!;
    const deviation = change / Math.sqrt(variance[hour]!);
    weight[hour] = weight[hour]! * Math.exp(-(time - seenAt[hour]!) / MEMORY_MS) + 1;
    seenAt[hour] = time;
    const gain = 1 / weight[hour];
    mean[hour]! += gain * change;
    variance[hour] = (1 - gain) * (variance[hour]! + gain * change * change);
    return time < readyAt ? NaN : deviation;
  });
}
