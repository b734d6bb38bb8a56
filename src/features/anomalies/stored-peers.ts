/** The peers of live scoring: what earlier batches have stored of them, and what the present one adds. */
import {
  PeerBoard,
  type PeerReference,
  type PeerSource,
} from '../../catalogue/models/impedance-anomaly/peer-board.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import type {
  LineSlot,
  PeerStandingRepository,
  PeerStandingRow,
} from '../../platform/storage/peer-standing-repository.ts';

/** Slots of lines that are held at most, a kilobyte each for a line of twelve sensors; then all is read anew. */
const MOST_HELD = 20_000;

interface PlacedReading {
  readonly sensor_id: string;
  readonly line_id: string;
  readonly observed_at: Date;
}

export class StoredPeers implements PeerSource {
  private board: PeerBoard;
  private readonly held = new Set<string>();
  private readonly lines = new Map<string, string>();
  private entered: PeerStandingRow[] = [];

  constructor(
    private readonly repository: PeerStandingRepository,
    private readonly modelVersion: string,
    private readonly size: number,
  ) {
    this.board = this.emptyBoard();
  }

  /** To be called before a batch is scored: brings the slots before those of its readings. */
  async prepare(
    client: Queryable,
    readings: readonly PlacedReading[],
    slotOf: (observedAt: Date) => number,
  ): Promise<void> {
    if (this.held.size > MOST_HELD) {
      this.held.clear();
      this.board = this.emptyBoard();
    }
    const wanted: LineSlot[] = [];
    for (const { sensor_id: sensorId, line_id: lineId, observed_at: observedAt } of readings) {
      this.lines.set(sensorId, lineId);
      const slot = slotOf(observedAt) - 1;
      const name = `${lineId} ${slot}`;
      if (this.held.has(name)) continue;
      this.held.add(name);
      wanted.push({ lineId, slot });
    }
    if (wanted.length === 0) return;
    for (const row of await this.repository.ofLines(client, this.modelVersion, wanted)) {
      this.lines.set(row.sensor_id, row.line_id);
      this.board.put(row.sensor_id, row.slot, floats(row.standing));
    }
  }

  enter(sensorId: string, slot: number, standing: Float32Array | null): PeerReference {
    const reference = this.board.enter(sensorId, slot, standing);
    const { peers, median } = reference;
    if (standing !== null || peers > 0) {
      this.entered.push({
        sensor_id: sensorId,
        slot,
        standing: standing && bytes(standing),
        peers,
        median: peers > 0 ? bytes(median) : null,
      });
    }
    return reference;
  }

  /** What has been entered since the last call, to be stored with the scores. */
  takeEntered(): readonly PeerStandingRow[] {
    const { entered } = this;
    this.entered = [];
    return entered;
  }

  private emptyBoard(): PeerBoard {
    return new PeerBoard(this.size, (sensorId) => this.lines.get(sensorId) ?? '');
  }
}

/** The peers of one sensor as they were when its readings were scored. */
export class RecordedPeers implements PeerSource {
  private readonly references: ReadonlyMap<number, PeerReference>;

  constructor(rows: readonly PeerStandingRow[]) {
    this.references = new Map(
      rows.map(({ slot, peers, median }) => [slot, { peers, median: median ? floats(median) : NOTHING }]),
    );
  }

  enter(_sensorId: string, slot: number): PeerReference {
    return this.references.get(slot) ?? { peers: 0, median: NOTHING };
  }
}

const NOTHING = new Float32Array(0);

function bytes({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A copy: what the database hands out may not be aligned. */
function floats(stored: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(stored).buffer);
}
