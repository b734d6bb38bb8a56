/** One sensor's quantities at one instant, as everything behind the doors knows it. */
export interface Reading {
  readonly sensorId: string;
  /** Name of the sensor kind: `impedance`. */
  readonly kind: string;
  /** The device's time, not ours. */
  readonly observedAt: Date;
  /** By channel name: `resistanceOhm`. Null, like absent, was not measured; it never means zero. */
  readonly values: Readonly<Record<string, number | null>>;
}
