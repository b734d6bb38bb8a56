/**
 * The readings of some lines as CSV, a few steps at a time, with the end of every step marked: so lines that were
 * simulated apart can be put together in the order of time.
 */
import { drake } from '../../core/physics/conductor.ts';
import { sagMetre } from '../../core/physics/conductor-sag.ts';
import { jointRatio } from '../../core/physics/joint-ratio.ts';
import { CsvRows, encodeText } from './csv-rows.ts';
import type { SimulatedGrid } from './grid.ts';
import { DECIMALS } from './impedance-instruments.ts';
import { createRegion } from './line-course.ts';
import type { Repairs } from './line-course.ts';
import type { SimulatedLine } from './line.ts';
import { LineReadings } from './line-readings.ts';
import { stringingOf } from './span-geometry.ts';
import { WEATHER_QUANTITIES } from './weather-station.ts';

/** Files that are written as time goes by. */
export const STREAMS = ['telemetry', 'weather', 'state'] as const;

export interface StreamBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the rows of each step end. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** In the order of `STREAMS`. */
export type ReadingBlock = readonly StreamBlock[];

/** Bytes of a telemetry row, at most: for the first size of buffers, which grow where this is too little. */
const ROW_BYTES = 96;
const DAY_MS = 86_400_000;

interface WrittenLine {
  readonly readings: LineReadings;
  readonly stationCell: Uint8Array;
  readonly sensorCells: readonly Uint8Array[];
  /** Of the day so far, in the order of the towers. */
  readonly hottestCelsius: Float64Array;
}

export class ReadingBlocks {
  private readonly lines: readonly WrittenLine[];
  private readonly region: ReturnType<typeof createRegion>;
  private readonly stationCells = new CsvRows(new Uint8Array(ROW_BYTES));
  private atMs: number;

  /** @param repairs of these lines at least */
  constructor(
    private readonly grid: SimulatedGrid,
    lines: readonly SimulatedLine[],
    repairs: Repairs,
    private readonly stepsPerBlock: number,
  ) {
    this.atMs = grid.startAt.getTime();
    this.region = createRegion(grid);
    this.lines = lines.map((line) => ({
      readings: new LineReadings(grid, line, repairs),
      stationCell: encodeText(`,${line.weatherSensorId}`),
      sensorCells: line.towers.map((tower) => encodeText(`,${tower.impedanceSensorId},`)),
      hottestCelsius: new Float64Array(line.towers.length).fill(-Infinity),
    }));
  }

  /**
   * @param used a block that is needed no longer and whose memory is written over
   * @returns undefined after the last one
   */
  next(used?: ReadingBlock): ReadingBlock | undefined {
    const stepMs = this.grid.stepMinutes * 60_000;
    const stepsLeft = Math.ceil((this.grid.endAt.getTime() - this.atMs) / stepMs);
    const steps = Math.min(this.stepsPerBlock, stepsLeft);
    if (steps <= 0) return undefined;
    const files = STREAMS.map((_, stream) => new CsvRows(used?.[stream]?.bytes ?? new Uint8Array(1 << 16)));
    const ends = STREAMS.map(() => new Uint32Array(steps));
    const [telemetry, weather, state] = files as [CsvRows, CsvRows, CsvRows];
    for (let step = 0; step < steps; step++) {
      const regional = this.region(this.atMs);
      const isLastOfDay = (this.atMs + stepMs) % DAY_MS === 0;
      for (const line of this.lines) {
        line.readings.step(this.atMs, regional);
        this.writeReadings(line, telemetry, weather);
        noteHeat(line);
        if (isLastOfDay) this.writeState(line, state);
      }
      for (const [stream, rows] of files.entries()) ends[stream]![step] = rows.length;
      this.atMs += stepMs;
    }
    return files.map((rows, stream) => ({ bytes: rows.bytes, ends: ends[stream]! }));
  }

  private writeReadings(line: WrittenLine, telemetry: CsvRows, weather: CsvRows): void {
    const { readings, stationCell, sensorCells } = line;
    const { impedance } = readings;
    const station = this.stationCells;
    station.length = 0;
    for (const { name, decimals } of WEATHER_QUANTITIES) {
      station.comma();
      station.decimal(readings.weather[name], decimals);
    }
    station.newline();
    const stationBytes = station.bytes.subarray(0, station.length);
    weather.time(this.atMs);
    weather.text(stationCell);
    weather.text(stationBytes);
    for (let index = 0; index < sensorCells.length; index++) {
      telemetry.time(impedance.observedMs(index, this.atMs));
      telemetry.text(sensorCells[index]!);
      telemetry.decimal(impedance.resistanceOhm[index]!, DECIMALS.resistanceOhm);
      telemetry.comma();
      telemetry.decimal(impedance.reactanceOhm[index]!, DECIMALS.reactanceOhm);
      telemetry.comma();
      telemetry.decimal(impedance.leakageMilliampere[index]!, DECIMALS.leakageMilliampere);
      telemetry.comma();
      telemetry.decimal(impedance.loadAmpere[index]!, DECIMALS.loadAmpere);
      telemetry.text(stationBytes);
    }
  }

  /** The day's hidden state, at its end. */
  private writeState({ readings, sensorCells, hottestCelsius }: WrittenLine, state: CsvRows): void {
    const { spans, strings } = readings.course;
    const day = encodeText(new Date(this.atMs).toISOString().slice(0, 10));
    for (const [index, { spanMetre }] of readings.line.towers.entries()) {
      const hottest = hottestCelsius[index]!;
      state.text(day);
      state.text(sensorCells[index]!);
      state.decimal(hottest, 1);
      state.comma();
      state.decimal(sagMetre(spanMetre, stringingOf(spanMetre), hottest), 2);
      state.comma();
      state.decimal(jointRatio(drake, spans.jointContactOhm[index]!), 3);
      state.comma();
      state.decimal(strings.pollutionMilligram[index]!, 4);
      state.newline();
    }
    hottestCelsius.fill(-Infinity);
  }
}

function noteHeat({ readings, hottestCelsius }: WrittenLine): void {
  const { conductorCelsius } = readings.course.spans;
  for (let index = 0; index < hottestCelsius.length; index++) {
    hottestCelsius[index] = Math.max(hottestCelsius[index]!, conductorCelsius[index]!);
  }
}
