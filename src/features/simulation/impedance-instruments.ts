/** What the impedance sensors of one line make of the truth: gain, phase, drift, noise, quantisation, faults, clock. */
import type { Random } from '../../core/statistics/random.ts';
import { InstrumentFaults } from './instrument-fault.ts';
import { MeanRevertingBank } from './mean-reverting.ts';
import type { SimulationProfile } from './profile.ts';
import { createSensorClock } from './sensor-clock.ts';

const DEGREE = Math.PI / 180;
/** The noise of current and phase is that of the analogue input: in relation it falls as the current rises. */
const NOISE_REFERENCE_AMPERE = 430;
const PHASE_DRIFT = { deviation: 0.015, memoryHours: 40 * 24 };
const GAIN_DRIFT_MEMORY_HOURS = 120 * 24;

const GAIN_DEVIATION = 0.005;
const HOURS_PER_YEAR = 8766;

/** What a sensor's making decides for good. */
interface Made {
  readonly leakageGain: number;
  readonly currentGain: number;
  readonly phaseDegree: number;
}

/** The truth about a line, as far as it is measured; arrays are in the order of the towers. */
export interface LineTruth {
  readonly loadAmpere: number;
  readonly spans: { readonly resistanceOhm: Float64Array; readonly reactanceOhm: Float64Array };
  readonly strings: { readonly leakageMilliampere: Float64Array };
}

/** How finely each quantity is sent. */
export const DECIMALS = { resistanceOhm: 5, reactanceOhm: 4, leakageMilliampere: 3, loadAmpere: 0 };

/** Arrays are in the order of the line's towers and change at every step; a quantity that was not measured is NaN. */
export class ImpedanceInstruments {
  readonly resistanceOhm: Float64Array;
  readonly reactanceOhm: Float64Array;
  readonly leakageMilliampere: Float64Array;
  readonly loadAmpere: Float64Array;
  private readonly made: readonly Made[];
  /** One a sensor, until it is set anew. */
  private readonly gain: Float64Array;
  private readonly recalibrations: readonly Random[];
  private readonly recalibrationChance: number;
  private readonly noises: readonly Random[];
  private readonly phaseDrift: MeanRevertingBank;
  private readonly gainDrift: MeanRevertingBank | undefined;
  private readonly faults: InstrumentFaults;
  private readonly clocks: readonly ((atMs: number) => number)[];
  /** Four a sensor: what it last measured and, while it is stuck, sends again. */
  private readonly last: Float64Array;

  /** @param randoms one a sensor */
  constructor(randoms: readonly Random[], profile: SimulationProfile, stepHours: number) {
    const fork = (name: string) => randoms.map((random) => random.fork(name));
    this.gain = new Float64Array(randoms.length);
    this.made = fork('made').map((made, index) => {
      this.gain[index] = 1 + GAIN_DEVIATION * made.normal();
      return {
        leakageGain: 1 + 0.03 * made.normal(),
        currentGain: 1 + 0.005 * made.normal(),
        // 0.1° of phase between voltage and current is 1.2 % of the resistance.
        phaseDegree: 0.08 * made.normal(),
      };
    });
    this.recalibrations = fork('recalibration');
    this.recalibrationChance = (profile.recalibrationsPerYear * stepHours) / HOURS_PER_YEAR;
    this.noises = fork('noise');
    this.phaseDrift = new MeanRevertingBank(fork('drift'), PHASE_DRIFT, stepHours);
    this.gainDrift =
      profile.gainDrift > 0
        ? new MeanRevertingBank(
            fork('gain-drift'),
            { deviation: profile.gainDrift, memoryHours: GAIN_DRIFT_MEMORY_HOURS },
            stepHours,
          )
        : undefined;
    this.faults = new InstrumentFaults(fork('fault'), stepHours);
    this.clocks = fork('clock').map((random) => createSensorClock(random, profile.clock));
    this.resistanceOhm = new Float64Array(randoms.length);
    this.reactanceOhm = new Float64Array(randoms.length);
    this.leakageMilliampere = new Float64Array(randoms.length);
    this.loadAmpere = new Float64Array(randoms.length);
    this.last = new Float64Array(4 * randoms.length);
  }

  /** What the sensor's own clock says. */
  observedMs(index: number, atMs: number): number {
    return atMs + 1000 * this.clocks[index]!(atMs);
  }

  /** Call it once a step, in order. */
  step({ spans, strings, loadAmpere }: LineTruth): void {
    const { last, faults } = this;
    const weakness = NOISE_REFERENCE_AMPERE / loadAmpere;
    for (let index = 0; index < this.made.length; index++) {
      this.recalibrate(index);
      const gain = this.gain[index]!;
      const { leakageGain, currentGain, phaseDegree } = this.made[index]!;
      const noise = this.noises[index]!;
      const gainNow = this.gainDrift ? gain * (1 + this.gainDrift.next(index)) : gain;
      const phase = (phaseDegree + this.phaseDrift.next(index)) * DEGREE;
      const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
      const resistance = spans.resistanceOhm[index]!;
      const reactance = spans.reactanceOhm[index]!;
      const leakage = strings.leakageMilliampere[index]!;
      // The generator is drawn from whether the sensor measures or not: so a fault does not shift what follows.
      const measuredResistance =
        gainNow * (resistance * cosine + reactance * sine) * (1 + 0.003 * weakness * noise.normal());
      const measuredReactance =
        gainNow * (reactance * cosine - resistance * sine) * (1 + 0.001 * weakness * noise.normal());
      const measuredLeakage = leakage * leakageGain * (1 + 0.02 * noise.normal()) + 0.002 * noise.normal();
      const measuredLoad = loadAmpere * currentGain * (1 + 0.003 * noise.normal());
      const at = 4 * index;
      if (faults.next(index)) {
        last[at] = Math.round(measuredResistance * 1e5) / 1e5;
        last[at + 1] = Math.round(measuredReactance * 1e4) / 1e4;
        last[at + 2] = Math.round(Math.max(0, measuredLeakage) * 1e3) / 1e3;
        last[at + 3] = Math.round(measuredLoad);
      }
      this.resistanceOhm[index] = faults.isLost(index) ? NaN : last[at]!;
      this.reactanceOhm[index] = faults.isLost(index) ? NaN : last[at + 1]!;
      this.leakageMilliampere[index] = faults.isLost(index) ? NaN : last[at + 2]!;
      this.loadAmpere[index] = faults.isLost(index) ? NaN : last[at + 3]!;
    }
  }

  private recalibrate(index: number): void {
    if (this.recalibrationChance === 0) return;
    const random = this.recalibrations[index]!;
    if (random.uniform() < this.recalibrationChance) this.gain[index] = 1 + GAIN_DEVIATION * random.normal();
  }
}
