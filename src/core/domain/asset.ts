/** A sensor with the tower that it sits on. */
import type { SensorPlace } from './sensor-topic.ts';

export interface Asset extends SensorPlace {
  /** Null where nobody has measured where the tower stands; then both are. */
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
}
