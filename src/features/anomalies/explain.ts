/** Says in a sentence why a reading is anomalous: which channel, how far from what weather and load explain. */
import type { ChannelDeviation, ScoredReading } from '../../core/domain/anomaly.ts';

/**
 * @example "resistance_ohm has been 3.1 % above what weather and load explain: 0.02243 measured, 0.02131 to 0.02192
 * expected; 6.2 standard deviations."
 */
export function explain(scored: ScoredReading): string {
  const [leading] = scored.channels;
  return leading ? describeChannel(leading) : 'No channel was measured.';
}

function describeChannel(channel: ChannelDeviation): string {
  const { channel: name, observed, expected, lower, upper, deviation } = channel;
  const spreads = `${Math.abs(deviation).toFixed(1)} standard deviations ${deviation > 0 ? 'above' : 'below'}`;
  const band = `${significant(lower)} to ${significant(upper)} expected`;
  const measured = observed === null ? 'missing now' : `${significant(observed)} measured`;
  const percent =
    observed === null || expected === 0 ? '' : ` (${signedPercent(observed / expected - 1)} now)`;
  return `${name} stays ${spreads} what weather and load explain${percent}: ${measured}, ${band}.`;
}

function significant(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

function signedPercent(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(100 * fraction).toFixed(1)} %`;
}
