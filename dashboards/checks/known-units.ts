/** Units that dashboard-linter allows and that are used here; a unit that is not listed shows as a number without one. */
export const KNOWN_UNITS: ReadonlySet<string> = new Set([
  'none', 'short', 'percent', 'percentunit', 'humidity', 'bytes', 'decbytes', 'amp', 'mamp', 'ohm', 'kohm', 'volt',
  'celsius', 'degree', 'lengthmm', 'lengthm', 'velocityms', 'Wm2', 'ms', 's', 'm', 'h', 'd', 'dateTimeAsIso',
]); // prettier-ignore
