/**
 * Where the sensors of a site stood at each turn of the hour (of a slot, in general), and the middle of the others for
 * each of them: weather that no station reports, and a season that training never saw, move all of them alike.
 *
 * A reading is compared with where its peers stood when the slot before its own began. So it does not matter in which
 * order readings of different sensors come, as long as none is later than a slot, and nothing of the future is used.
 */
import { HORIZONS } from './residual-shape.ts';

/** Of each channel's features, those that are compared: the means, their trend, the spread. */
export const COMPARED = HORIZONS + 2;

export interface PeerReference {
  /** How many peers there were. */
  readonly peers: number;
  /** Their median, [channels × compared]; zeros without peers. */
  readonly median: Float32Array;
}

export const NO_PEERS: PeerReference = { peers: 0, median: new Float32Array(0) };

/** What a scorer asks when a sensor enters a slot. */
export interface PeerSource {
  /** @param standing of the sensor before its first reading in the slot; null where it cannot be judged yet */
  enter(sensorId: string, slot: number, standing: Float32Array | null): PeerReference;
}

interface Site {
  /** By sensor. */
  readonly rows: Map<string, number>;
  /** By slot: [rows, size], NaN for a sensor that is not there. */
  readonly standings: Map<number, Float32Array>;
  /** By slot: each feature of all sensors that are there, in ascending order, [size, sensors]. */
  readonly ascending: Map<number, Float32Array>;
}

const FEWEST_ROWS = 4;

export class PeerBoard implements PeerSource {
  private readonly sites = new Map<string, Site>();

  /**
   * @param size of a standing
   * @param siteOf sensors are compared with those of the same site
   */
  constructor(
    readonly size: number,
    private readonly siteOf: (sensorId: string) => string,
  ) {}

  enter(sensorId: string, slot: number, standing: Float32Array | null): PeerReference {
    if (standing !== null) this.put(sensorId, slot, standing);
    return this.reference(sensorId, slot);
  }

  /** @param standing is copied */
  put(sensorId: string, slot: number, standing: Float32Array): void {
    const { rows, standings, ascending } = this.site(sensorId);
    const row = rows.get(sensorId) ?? rows.size;
    rows.set(sensorId, row);
    let ofSlot = standings.get(slot) ?? new Float32Array(0);
    if (ofSlot.length <= row * this.size) {
      const wider = new Float32Array(this.size * Math.max(FEWEST_ROWS, 2 * row)).fill(NaN);
      wider.set(ofSlot);
      standings.set(slot, wider);
      ofSlot = wider;
    }
    ofSlot.set(standing, row * this.size);
    ascending.delete(slot);
  }

  /** What a sensor's readings in a slot are compared with: the slot before. */
  reference(sensorId: string, slot: number): PeerReference {
    const median = new Float32Array(this.size);
    const site = this.site(sensorId);
    const before = site.standings.get(slot - 1);
    if (before === undefined) return { peers: 0, median };
    const sorted = this.sorted(site, slot - 1, before);
    const sensors = sorted.length / this.size;
    const from = (site.rows.get(sensorId) ?? Infinity) * this.size;
    // Where the sensor itself was not there, or has no row yet, nobody is to be left out.
    const isThere = !Number.isNaN(before[from] ?? NaN);
    const peers = sensors - (isThere ? 1 : 0);
    if (peers === 0) return { peers, median };
    for (let feature = 0; feature < this.size; feature++) {
      const column = sorted.subarray(feature * sensors, (feature + 1) * sensors);
      median[feature] = medianWithout(column, isThere ? before[from + feature]! : null);
    }
    return { peers, median };
  }

  /** Pairs of slots of one site, `apart` from each other: standings of the same sensors, [sensors, size], NaN for absent. */
  *pairs(apart: number, lastSlot: number): Generator<readonly [earlier: Float32Array, later: Float32Array]> {
    for (const { standings } of this.sites.values()) {
      for (const [slot, later] of standings) {
        const earlier = standings.get(slot - apart);
        if (earlier !== undefined && slot <= lastSlot) yield [earlier, later];
      }
    }
  }

  private site(sensorId: string): Site {
    const name = this.siteOf(sensorId);
    let site = this.sites.get(name);
    if (site === undefined) {
      site = { rows: new Map(), standings: new Map(), ascending: new Map() };
      this.sites.set(name, site);
    }
    return site;
  }

  private sorted(site: Site, slot: number, standings: Float32Array): Float32Array {
    const known = site.ascending.get(slot);
    if (known !== undefined) return known;
    const { size } = this;
    const present: number[] = [];
    for (let from = 0; from < standings.length; from += size)
      if (!Number.isNaN(standings[from]!)) present.push(from);
    const sorted = new Float32Array(size * present.length);
    for (let feature = 0; feature < size; feature++) {
      const column = sorted.subarray(feature * present.length, (feature + 1) * present.length);
      for (const [at, from] of present.entries()) column[at] = standings[from + feature]!;
      column.sort();
    }
    site.ascending.set(slot, sorted);
    return sorted;
  }
}

/** @param own is among the values and left out; null where it is not. At least one value is left. */
function medianWithout(ascending: Float32Array, own: number | null): number {
  let rank = Infinity;
  let count = ascending.length;
  if (own !== null) {
    rank = ascending.indexOf(own);
    count--;
  }
  const at = (index: number) => ascending[index < rank ? index : index + 1]!;
  const middle = count >> 1;
  return count % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}
