/** Readings by their time of arrival, found without reading a table. */
import { TIME_FROM, timeFilter } from '../house/sql.ts';

/**
 * Readings that came in the range: arrivals are found by their BRIN index (0021), and of a hypertable only chunks of the
 * week before it are opened. What a sensor sends more than a week late is stored, and not counted here.
 */
export const ARRIVED = `${timeFilter('received_at')} AND observed_at > ${TIME_FROM} - INTERVAL '7 days'`;

export const READING_TABLES = ['impedance_reading', 'weather_reading'] as const;
