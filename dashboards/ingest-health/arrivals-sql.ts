/** Readings by their time of arrival, found without reading a table. */
import { TIME_FROM, TIME_TO, timeFilter } from '../house/sql.ts';

/**
 * Readings that came in the range: arrivals are found by their BRIN index (0021), and of a hypertable only the chunks are
 * opened that the fleet writes to: from a week before the range, or before the newest reading of a fleet whose clocks
 * are behind. What a sensor sends later than that is stored, and not counted here.
 */
export const ARRIVED = `${timeFilter('received_at')} AND observed_at > (
  SELECT least(${TIME_FROM}, max(last_observed_at)) - INTERVAL '7 days' FROM heard_sensors(${TIME_TO}))`;

export const READING_TABLES = ['impedance_reading', 'weather_reading'] as const;
