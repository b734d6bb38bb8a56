/** Everything that a Grafana needs, as files: the same text for the same options, every time. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { stringify } from 'yaml';
import { alertRules } from '../alerts/alerts.ts';
import { buildRule } from '../alerts/build-rule.ts';
import { contactPoints, type Addresses } from '../alerts/contact-points.ts';
import { muteTimings } from '../alerts/mute-timings.ts';
import { notificationPolicy } from '../alerts/policies.ts';
import { dashboards } from '../dashboards.ts';
import { buildBoard } from '../house/board.ts';
import { contactPointFile, muteTimingFile, policyFile, ruleFile } from './alerting-files.ts';
import { dataSourceFile, type DatabaseAddress } from './data-source-file.ts';
import { providerFile } from './provider-file.ts';
import { toSchemaV2 } from './to-schema-v2.ts';

export interface GrafanaOptions {
  /** Spanwatch's HTTP door as browsers reach it. */
  readonly apiUrl: string;
  readonly database: DatabaseAddress;
  /** GiB that the database may grow to. */
  readonly databaseLimitGib: number;
  readonly addresses: Addresses;
  /** Of the working hours, outside of which what can wait is not told. */
  readonly timeZone: string;
}

/** What compose.yaml starts; also what dashboards/generated holds. */
export const DEFAULT_OPTIONS: GrafanaOptions = {
  apiUrl: 'http://127.0.0.1:3000',
  database: { host: 'database:5432', name: 'spanwatch', timescaledb: true },
  databaseLimitGib: 100,
  addresses: { reliability: 'reliability@example.org', platform: 'platform@example.org' },
  timeZone: 'UTC',
};

export const buildDashboards = (options: GrafanaOptions): Dashboard[] =>
  dashboards.map((board) => buildBoard(board, options));

/** @returns text by path within the output folder */
export function generateFiles(options: GrafanaOptions): ReadonlyMap<string, string> {
  const boards = buildDashboards(options);
  const rules = alertRules(options).map((rule) => buildRule(rule, boards));
  return new Map([
    ...boards.map((board) => [`dashboards/${board.uid}.json`, json(board)] as const),
    ...boards.map((board) => [`dashboards-v2/${board.uid}.json`, json(toSchemaV2(board))] as const),
    ['provisioning/dashboards/spanwatch.yaml', yaml('Where the dashboards lie.', providerFile())],
    [
      'provisioning/datasources/spanwatch.yaml',
      yaml('The database, read with a role that can change nothing.', dataSourceFile(options.database)),
    ],
    ['provisioning/alerting/rules.yaml', yaml('When somebody must act.', ruleFile(rules))],
    [
      'provisioning/alerting/contact-points.yaml',
      yaml('Who is told.', contactPointFile(contactPoints(options.addresses))),
    ],
    [
      'provisioning/alerting/policies.yaml',
      yaml(
        'Which alert goes to whom. Replaces the policies that the organisation had.',
        policyFile(notificationPolicy()),
      ),
    ],
    [
      'provisioning/alerting/mute-timings.yaml',
      yaml('When what can wait is not told.', muteTimingFile(muteTimings(options.timeZone))),
    ],
  ]);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function yaml(about: string, value: unknown): string {
  const text = stringify(JSON.parse(JSON.stringify(value)), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // Quotes what older readers of YAML take for numbers, such as 24:00.
    version: '1.1',
  });
  return `# ${about} Made by \`spanwatch dashboards\`: change dashboards/*.ts, not this.\n${text}`;
}
