/** `spanwatch dashboards`: writes what a Grafana needs, or a page that shows the dashboards without one. */
import { Command, InvalidArgumentError } from 'commander';
import {
  DEFAULT_OPTIONS,
  generateFiles,
  type GrafanaOptions,
} from '../../dashboards/files/generate-files.ts';
import { writeFiles } from '../../dashboards/files/write-files.ts';

interface DashboardsOptions {
  readonly out: string;
  readonly apiUrl: string;
  readonly databaseHost: string;
  readonly databaseName: string;
  readonly timescaledb: boolean;
  readonly databaseLimitGib: number;
  readonly reliabilityMail: string;
  readonly platformMail: string;
  readonly timeZone: string;
  readonly json: boolean;
}

export function dashboardsCommand(): Command {
  const { apiUrl, database, databaseLimitGib, addresses, timeZone } = DEFAULT_OPTIONS;
  return new Command('dashboards')
    .requiredOption('--out <dir>', 'folder to write dashboards and provisioning files to')
    .option('--api-url <url>', 'Spanwatch as the browser of a viewer reaches it', webAddress, apiUrl)
    .option('--database-host <host:port>', 'database as Grafana reaches it', database.host)
    .option('--database-name <name>', 'name of the database', database.name)
    .option('--no-timescaledb', 'the database is plain PostgreSQL')
    .option(
      '--database-limit-gib <n>',
      'what the database may grow to, for the alert',
      gibibytes,
      databaseLimitGib,
    )
    .option('--reliability-mail <address>', 'who is told about the grid', addresses.reliability)
    .option('--platform-mail <address>', 'who is told about the software', addresses.platform)
    .option('--time-zone <zone>', 'of the working hours, such as Europe/Berlin', timeZoneName, timeZone)
    .option('--json', 'print the report as one line of JSON', false)
    .action(write);
}

async function write(options: DashboardsOptions): Promise<void> {
  const report = await writeFiles(options.out, generateFiles(toGrafana(options)));
  const { written, unchanged, removed } = report;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ out: options.out, ...report })}\n`
      : `Wrote ${written} files to ${options.out}; ${unchanged} were as they should be, ${removed} were taken away.\n`,
  );
}

function toGrafana(options: DashboardsOptions): GrafanaOptions {
  return {
    apiUrl: options.apiUrl,
    database: { host: options.databaseHost, name: options.databaseName, timescaledb: options.timescaledb },
    databaseLimitGib: options.databaseLimitGib,
    addresses: { reliability: options.reliabilityMail, platform: options.platformMail },
    timeZone: options.timeZone,
  };
}

function webAddress(text: string): string {
  if (/^https?:\/\/[^\s$]+$/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must begin with http:// or https://, without blanks and $.');
}

function gibibytes(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function timeZoneName(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('It must be a name such as Europe/Berlin or UTC.');
  }
}
