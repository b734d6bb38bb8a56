/** Where a tower's report is, seen from the root of the HTTP door. */
export function towerReportPath(lineId: string, towerId: string): string {
  return `/reports/towers/${encodeURIComponent(lineId)}/${encodeURIComponent(towerId)}`;
}

export function flightReportPath(flightId: string): string {
  return `/reports/flights/${encodeURIComponent(flightId)}`;
}
