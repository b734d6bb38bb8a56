/** Impedance sensors: cheap, old, one on each tower; they see the span and the insulators in one small box. */
import { decodeJsonReadings } from '../decode-json-readings.ts';
import type { Channel, SensorKind } from '../sensor.ts';

const channels: readonly Channel[] = [
  {
    name: 'resistanceOhm',
    column: 'resistance_ohm',
    unit: 'Ω',
    // A span of 300 m has 0.02 Ω; a line of hundreds of kilometres some tens.
    plausible: [0, 1_000],
    description: 'Series resistance of the span, joints included',
  },
  {
    name: 'reactanceOhm',
    column: 'reactance_ohm',
    unit: 'Ω',
    // Below zero on series-compensated lines.
    plausible: [-1_000, 1_000],
    description: 'Series reactance of the span at line frequency; hardly moves, so it checks the instrument',
  },
  {
    name: 'leakageMilliampere',
    column: 'leakage_milliampere',
    unit: 'mA',
    // A critical arc on a polluted string is about 1 A; beyond ten it is a fault and the relay's business.
    plausible: [0, 10_000],
    description: 'Leakage current over the insulator string, RMS',
  },
  {
    name: 'loadAmpere',
    column: 'load_ampere',
    unit: 'A',
    plausible: [0, 10_000],
    description: 'Current in the conductor, RMS',
  },
];

export const impedance: SensorKind = {
  kind: 'impedance',
  table: 'impedance_reading',
  summary: 'Resistance and reactance of a span, leakage over its insulators, and the load at the time',
  channels,
  decode: (payload, origin) => decodeJsonReadings(impedance, payload, origin),
};
