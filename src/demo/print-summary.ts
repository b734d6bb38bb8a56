/** The summary as a reliability engineer reads it. */
import { placeName } from './place-name.ts';
import type { DemoSummary } from './summary.ts';

export function printSummary(summary: DemoSummary): string {
  const { liveDefect: live, found, missed, falseAlarms, falseFindings, defects, addresses } = summary;
  const headline = live.keptPromise
    ? `The joint at ${placeName(live.lineId, live.towerId)} began to fail at ${minute(live.onsetAt)}; no drone has looked since. The sensor raised an event ${live.delayHours} h later (promised: within ${live.promisedHours} h).`
    : `The joint at ${placeName(live.lineId, live.towerId)} began to fail at ${minute(live.onsetAt)} and was ${live.delayHours === null ? 'not noticed' : `noticed only after ${live.delayHours} h`} (promised: within ${live.promisedHours} h).`;
  const rows = defects.map(({ lineId, towerId, kind, onsetAt, seenByDroneAt, raisedBySensorAt }) => [
    `${lineId} ${towerId}`,
    kind,
    minute(onsetAt),
    minute(seenByDroneAt),
    minute(raisedBySensorAt),
  ]);
  return [
    '',
    headline,
    ...(live.why ? [`Why: ${live.why}`] : []),
    '',
    `Hidden truth: ${defects.length} defects, ${found} found, ${missed} missed.`,
    `Sensors: ${falseAlarms} false ${falseAlarms === 1 ? 'alarm' : 'alarms'} in ${summary.sensorDaysWatched} sensor-days. Drones: ${falseFindings} false ${falseFindings === 1 ? 'finding' : 'findings'}.`,
    '',
    ...table([['tower', 'defect', 'began (UTC)', 'seen by drone', 'raised by sensor'], ...rows]),
    '',
    `API            ${addresses.api}`,
    `Documentation  ${addresses.documentation}`,
    `Database       ${addresses.database}`,
    `MQTT           ${addresses.mqtt}`,
    '',
  ].join('\n');
}

function minute(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
