/** The numbers that a user may want to change, and what raising each does; the rest stand beside their use. */
export const DEFAULTS = {
  /** Events per sensor-year that a healthy fleet may raise; more finds defects earlier. */
  falseAlarmsPerSensorYear: 0.5,
  seed: 1,
  /** Units of the head's hidden layer; more fits finer shapes and needs more labels. */
  headHidden: 8,
} as const;
