/** When drones may fly over a line, and the fairest day of each such window: the selection bias of all labels. */
import { solarHour } from '../../core/physics/solar-position.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedGrid } from './grid.ts';
import type { SimulatedLine } from './line.ts';
import type { Weather } from './weather.ts';

export interface FlightWindow {
  /** Days since the start, both inclusive. */
  readonly fromDay: number;
  readonly toDay: number;
}

export interface FairDay {
  readonly day: number;
  /** The weather of its flying hours, step by step. */
  readonly steps: readonly { readonly atMs: number; readonly weather: Weather }[];
}

/** A flight waits for fair weather among this many days. */
const WINDOW_DAYS = 5;
/** The last flight is over this long before the history ends. */
const QUIET_DAYS_AT_END = 2;
/** Local solar time. */
export const FLYING_HOURS = { from: 10, to: 14 };
const DAY_MS = 86_400_000;

/** Windows in the order of time; none where the history is too short. They never overlap. */
export function planFlightWindows(grid: SimulatedGrid, random: Random): FlightWindow[] {
  const { flightsPerYear, evenRounds } = grid.profile;
  const days = Math.round((grid.historyEndAt.getTime() - grid.startAt.getTime()) / DAY_MS);
  const usableDays = days - QUIET_DAYS_AT_END;
  const expected = (flightsPerYear * days) / 365;
  if (usableDays < 1) return [];
  const most = Math.max(1, Math.floor(usableDays / WINDOW_DAYS));
  const drawn = Math.floor(expected) + (random.uniform() < expected % 1 ? 1 : 0);
  const flights = evenRounds ? Math.max(1, Math.round(expected)) : Math.min(most, drawn);
  return Array.from({ length: flights }, (_, flight) => {
    const [slotFrom, slotTo] = [flight, flight + 1].map((at) => Math.round((at * usableDays) / flights));
    const latest = slotTo! - 1;
    const room = Math.max(0, slotTo! - slotFrom! - WINDOW_DAYS);
    const toDay = evenRounds ? latest : latest - Math.floor(random.uniform() * (room + 1));
    return { fromDay: Math.max(0, toDay - WINDOW_DAYS + 1), toDay };
  });
}

/** Looks at the weather of a line as time goes by, and keeps the flying hours of the fairest day of each window. */
export class FairDayWatch {
  private readonly fairest: { day: FairDay; roughness: number }[] = [];
  private current = { day: -1, roughness: 0, steps: [] as FairDay['steps'][number][] };
  private window = 0;

  constructor(
    private readonly grid: SimulatedGrid,
    private readonly line: SimulatedLine,
    private readonly windows: readonly FlightWindow[],
  ) {}

  note(atMs: number, weather: Weather): void {
    const hour = solarHour(atMs, this.line.towers[0]!.longitudeDeg);
    if (hour < FLYING_HOURS.from || hour > FLYING_HOURS.to) return;
    const day = Math.floor((atMs - this.grid.startAt.getTime()) / DAY_MS);
    if (day !== this.current.day) this.closeDay();
    while (this.window < this.windows.length && day > this.windows[this.window]!.toDay) this.window++;
    const window = this.windows[this.window];
    if (!window || day < window.fromDay) return;
    const now = roughness(weather);
    if (day !== this.current.day) this.current = { day, roughness: now, steps: [] };
    this.current.roughness = Math.max(this.current.roughness, now);
    this.current.steps.push({ atMs, weather });
  }

  /** One a window. */
  finish(): FairDay[] {
    this.closeDay();
    return this.fairest.map(({ day }) => day);
  }

  private closeDay(): void {
    const { day, roughness, steps } = this.current;
    if (steps.length === 0) return;
    const best = this.fairest[this.window];
    if (!best || roughness < best.roughness) this.fairest[this.window] = { day: { day, steps }, roughness };
    this.current = { day: -1, roughness: 0, steps: [] };
  }
}

/** The wind in m/s; any rain counts as a storm. */
function roughness(weather: Weather): number {
  return weather.windMetrePerSecond + (weather.rainMillimetrePerHour > 0 ? 100 : 0);
}
