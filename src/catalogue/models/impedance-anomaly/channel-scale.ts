/** In which scale a channel is modelled, and the way there and back. */
export interface ChannelScale {
  readonly logarithmic: boolean;
  /** Smallest value that a logarithm is taken of, in the channel's unit. */
  readonly floor: number;
}

/**
 * Positive quantities act by factors (a longer span, a wetter insulator), so they are modelled in logarithms.
 *
 * @param smallest of the values in training; Infinity where there are none
 */
export function chooseChannelScale(smallest: number): ChannelScale {
  return smallest > 0 && smallest < Infinity
    ? { logarithmic: true, floor: smallest / 10 }
    : { logarithmic: false, floor: 0 };
}

export function toModelScale(scale: ChannelScale, value: number): number {
  return scale.logarithmic ? Math.log(Math.max(value, scale.floor)) : value;
}

export function fromModelScale(scale: ChannelScale, value: number): number {
  return scale.logarithmic ? Math.exp(value) : value;
}
