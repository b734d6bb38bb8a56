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
  /** By slot. */
  readonly middles: Map<number, Middles>;
}

/** All that a median needs, whoever is left out of it. */
interface Middles {
  /** Sensors that are there. */
  readonly sensors: number;
  /** Of each feature the values of rank ⌊n/2⌋ − 1, ⌊n/2⌋ and ⌊n/2⌋ + 1, from 0, [size, 3]; NaN where there is none. */
  readonly values: Float32Array;
}

const FEWEST_ROWS = 4;
/** Values that a median without one of them can need. */
const MIDDLE = 3;

export class PeerBoard implements PeerSource {
  private readonly sites = new Map<string, Site>();

  /**
   * @param size of a standing
   * @param siteOf sensors are compared with those of the same site
   * @param expected sensors that room is kept for; others may come
   */
  constructor(
    readonly size: number,
    private readonly siteOf: (sensorId: string) => string,
    expected: Iterable<string> = [],
  ) {
    for (const sensorId of expected) this.row(this.site(sensorId), sensorId);
  }

  enter(sensorId: string, slot: number, standing: Float32Array | null): PeerReference {
    if (standing !== null) this.put(sensorId, slot, standing);
    return this.reference(sensorId, slot);
  }

  /** @param standing is copied */
  put(sensorId: string, slot: number, standing: Float32Array): void {
    const site = this.site(sensorId);
    const { rows, standings, middles } = site;
    const row = this.row(site, sensorId);
    let ofSlot = standings.get(slot) ?? new Float32Array(0);
    if (ofSlot.length <= row * this.size) {
      const wider = new Float32Array(
        this.size * Math.max(FEWEST_ROWS, ofSlot.length === 0 ? rows.size : 2 * row),
      ).fill(NaN);
      wider.set(ofSlot);
      standings.set(slot, wider);
      ofSlot = wider;
    }
    ofSlot.set(standing, row * this.size);
    middles.delete(slot);
  }

  /** What a sensor's readings in a slot are compared with: the slot before. */
  reference(sensorId: string, slot: number): PeerReference {
    const median = new Float32Array(this.size);
    const site = this.site(sensorId);
    const before = site.standings.get(slot - 1);
    if (before === undefined) return { peers: 0, median };
    const { sensors, values } = this.middles(site, slot - 1, before);
    const from = (site.rows.get(sensorId) ?? Infinity) * this.size;
    // Where the sensor itself was not there, or has no row yet, nobody is to be left out.
    const isThere = !Number.isNaN(before[from] ?? NaN);
    const peers = sensors - (isThere ? 1 : 0);
    if (peers === 0) return { peers, median };
    for (let feature = 0; feature < this.size; feature++) {
      const middle = values.subarray(feature * MIDDLE, (feature + 1) * MIDDLE);
      median[feature] = medianWithout(middle, sensors, isThere ? before[from + feature]! : null);
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
      site = { rows: new Map(), standings: new Map(), middles: new Map() };
      this.sites.set(name, site);
    }
    return site;
  }

  private row({ rows }: Site, sensorId: string): number {
    const row = rows.get(sensorId) ?? rows.size;
    rows.set(sensorId, row);
    return row;
  }

  private middles(site: Site, slot: number, standings: Float32Array): Middles {
    const known = site.middles.get(slot);
    if (known !== undefined) return known;
    const { size } = this;
    const present: number[] = [];
    for (let from = 0; from < standings.length; from += size)
      if (!Number.isNaN(standings[from]!)) present.push(from);
    const column = new Float32Array(present.length);
    const values = new Float32Array(size * MIDDLE);
    for (let feature = 0; feature < size; feature++) {
      for (const [at, from] of present.entries()) column[at] = standings[from + feature]!;
      column.sort();
      for (let i = 0; i < MIDDLE; i++) {
        values[feature * MIDDLE + i] = column[(present.length >> 1) - 1 + i] ?? NaN;
      }
    }
    const middles = { sensors: present.length, values };
    site.middles.set(slot, middles);
    return middles;
  }
}

/**
 * @param middle the values around the middle, as in `Middles`
 * @param count of all values; at least one is left
 * @param own is among the values and left out; null where it is not
 */
function medianWithout(middle: Float32Array, count: number, own: number | null): number {
  const [below, at, above] = [middle[0]!, middle[1]!, middle[2]!];
  const isEven = count % 2 === 0;
  if (own === null) return isEven ? (below + at) / 2 : at;
  // What comes after the one that is left out moves one rank down.
  if (isEven) return own <= below ? at : below;
  if (own < at) return (at + above) / 2;
  return own > at ? (below + at) / 2 : (below + above) / 2;
}
