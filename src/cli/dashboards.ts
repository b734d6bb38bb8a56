/** `spanwatch dashboards`: writes what a Grafana needs, or a page that shows the dashboards without one. */
import { Command, InvalidArgumentError } from 'commander';
import {
  DEFAULT_OPTIONS,
  generateFiles,
  type GrafanaOptions,
} from '../../dashboards/files/generate-files.ts';
import { writeFiles } from '../../dashboards/files/write-files.ts';
import { BadInput } from '../core/domain/failure.ts';
import { previewDashboards } from './dashboard-preview.ts';

interface DashboardsOptions {
  readonly out?: string;
  readonly preview?: string;
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
    .option('--out <dir>', 'folder to write dashboards and provisioning files to')
    .option('--preview <file>', 'HTML page to show them on, with what is in the database')
    .option('--api-url <url>', 'Spanwatch as the browser of a viewer reaches it', webAddress, apiUrl)
    .option('--database-host <host:port>', 'database as Grafana reaches it', plain, database.host)
    .option('--database-name <name>', 'name of the database', plain, database.name)
    .option('--no-timescaledb', 'the database is plain PostgreSQL')
    .option(
      '--database-limit-gib <n>',
      'what the database may grow to, for the alert',
      gibibytes,
      databaseLimitGib,
    )
    .option('--reliability-mail <address>', 'who is told about the grid', plain, addresses.reliability)
    .option('--platform-mail <address>', 'who is told about the software', plain, addresses.platform)
    .option('--time-zone <zone>', 'of the working hours, such as Europe/Berlin', timeZoneName, timeZone)
    .option('--json', 'print the report as one line of JSON', false)
    .action(write);
}

async function write(options: DashboardsOptions): Promise<void> {
  const { out, preview, json } = options;
  if (!out && !preview) {
    throw new BadInput('nothing-to-write', 'Name a folder with --out, or an HTML page with --preview.');
  }
  const written = out ? await writeFiles(out, generateFiles(toGrafana(options))) : null;
  const drawn = preview ? await previewDashboards(preview, toGrafana(options)) : null;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (json) say(JSON.stringify({ out, ...written, preview, ...drawn }));
  else {
    if (written) {
      const { written: count, unchanged, removed } = written;
      say(`Wrote ${count} files to ${out}; ${unchanged} were as they should be, ${removed} were taken away.`);
    }
    if (drawn) {
      const without = drawn.empty.length > 0 ? `; without data: ${drawn.empty.join('; ')}` : '';
      say(`Drew ${drawn.panels} panels on ${preview}${without}.`);
    }
  }
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

/** Grafana puts variables of its environment where files have a $. */
function plain(text: string): string {
  if (text !== '' && !/[\s$]/.test(text)) return text;
  throw new InvalidArgumentError('It must be a text without blanks and $.');
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
