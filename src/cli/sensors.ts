/** `spanwatch sensors`: which sensors report as they should, and what is wrong with the others. */
import { Command, Option } from 'commander';
import {
  SENSOR_STATES,
  SensorHealthRepository,
  type SensorHealthRow,
  type SensorState,
} from '../platform/storage/sensor-health-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';

interface SensorsOptions {
  readonly state?: SensorState;
  readonly json: boolean;
}

export function sensorsCommand(): Command {
  return new Command('sensors')
    .addOption(new Option('--state <state>', 'only sensors in this state').choices(SENSOR_STATES))
    .option('--json', 'print one line of JSON a sensor', false)
    .action(list);
}

async function list({ state, json }: SensorsOptions): Promise<void> {
  const rows = await lendDatabase(readSettings(), (database) =>
    new SensorHealthRepository(database).list(state ?? null),
  );
  for (const row of rows) process.stdout.write(`${json ? asJson(row) : asText(row)}\n`);
  if (rows.length === 0 && !json) {
    process.stdout.write(state ? `No sensor is ${state}.\n` : 'No sensor is registered.\n');
  }
}

function asJson(row: SensorHealthRow): string {
  return JSON.stringify({
    sensorId: row.sensor_id,
    lineId: row.line_id,
    towerId: row.tower_id,
    kind: row.kind,
    state: row.state,
    lastObservedAt: row.last_observed_at,
    lastReceivedAt: row.last_received_at,
    typicalIntervalSeconds: row.typical_interval_seconds,
    silentSeconds: row.silent_seconds,
    gapsLastDay: row.gaps_last_day,
    stuckChannels: row.stuck_channels,
    clockSkewSeconds: row.clock_skew_seconds,
  });
}

function asText(row: SensorHealthRow): string {
  const { state, sensor_id, line_id, tower_id, kind } = row;
  return `${state.padEnd(10)}  ${sensor_id.padEnd(20)}  ${`${line_id}/${tower_id} ${kind}`.padEnd(24)}  ${explain(row)}`;
}

function explain(row: SensorHealthRow): string {
  if (!row.last_observed_at) return 'no reading yet';
  const parts = [`last ${row.last_observed_at.toISOString()}`];
  if (row.typical_interval_seconds !== null) parts.push(`every ${inWords(row.typical_interval_seconds)}`);
  if (row.state === 'silent') parts.push(`overdue for ${inWords(row.silent_seconds ?? 0)}`);
  if (row.gaps_last_day > 0) parts.push(`${row.gaps_last_day} gaps in a day`);
  if (row.stuck_channels.length > 0) parts.push(`stuck: ${row.stuck_channels.join(', ')}`);
  if (row.state === 'skewed') {
    const skew = row.clock_skew_seconds ?? 0;
    parts.push(`clock ${inWords(Math.abs(skew))} ${skew > 0 ? 'behind' : 'ahead'}`);
  }
  return parts.join(', ');
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
