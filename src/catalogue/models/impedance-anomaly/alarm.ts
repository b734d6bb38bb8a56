/** Persistence and hysteresis: turns a noisy logit into events that open and close. */

export interface AlarmSettings {
  /** Time constant over which the logit must persist. */
  readonly persistenceHours: number;
  /** In logits. */
  readonly openAbove: number;
  readonly closeBelow: number;
  /** How long the logit must stay below `closeBelow` before an event ends. */
  readonly closeAfterHours: number;
}

/** State: persistent logit (NaN before the first), open 0|1, hours below the closing threshold. */
export const ALARM_STATE_SIZE = 3;

export class Alarm {
  constructor(private readonly settings: AlarmSettings) {}

  initialise(state: Float32Array): void {
    state.set([NaN, 0, 0]);
  }

  /** Takes in one logit; true where an event is open after it. */
  update(state: Float32Array, logit: number, stepHours: number): boolean {
    const { persistenceHours, openAbove, closeBelow, closeAfterHours } = this.settings;
    const gain = 1 - Math.exp(-stepHours / persistenceHours);
    state[0] = Number.isNaN(state[0]!) ? logit : state[0]! + gain * (logit - state[0]!);
    if (state[1] === 0) {
      if (state[0] > openAbove) state.set([1, 0], 1);
    } else {
      state[2] = state[0] < closeBelow ? state[2]! + stepHours : 0;
      if (state[2] >= closeAfterHours) state.set([0, 0], 1);
    }
    return state[1] === 1;
  }
}
