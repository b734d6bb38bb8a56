/** What an anomaly model says of one reading: how likely a defect is, and which channel says so. */

export interface ChannelDeviation {
  readonly channel: string;
  /** As measured, in the channel's own unit; null when this reading lacks it. */
  readonly observed: number | null;
  /** What the context (weather, load) explains for a healthy sensor, in the channel's own unit. */
  readonly expected: number;
  /** Band that holds 99 % of healthy readings under this context, in the channel's own unit. */
  readonly lower: number;
  readonly upper: number;
  /** Persistent residual in standard deviations of its healthy spread; the sign says above or below. */
  readonly deviation: number;
}

export interface ScoredReading {
  /** Probability of anomaly, 0..1; 0 while warming up. */
  readonly score: number;
  readonly anomalous: boolean;
  /** What this reading changes in the sensor's event; null for nothing. */
  readonly transition: 'opened' | 'updated' | 'closed' | null;
  /** The sensor is new to the model, which is still learning its healthy level. */
  readonly warmingUp: boolean;
  /** Largest absolute deviation first. */
  readonly channels: readonly ChannelDeviation[];
  /** Most likely kind of defect, where labels taught kinds. */
  readonly kind: string | null;
}
