/** `spanwatch doctor`: what is installed, what is used and why, what is missing. */
import { Command } from 'commander';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { projectVersion } from '../platform/project-root.ts';
import { describeServer } from '../platform/storage/describe-server.ts';
import { findPostgresBinaries } from '../platform/storage/postgres-binaries.ts';
import { chooseLauncher } from '../platform/storage/unprivileged.ts';
import {
  readSettings,
  reportSettings,
  maskPassword,
  type SettingReport,
  type Settings,
} from '../settings.ts';

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'print everything as one JSON document', false)
    .action(async ({ json }: { json: boolean }) => {
      const settings = readSettings();
      const findings = [
        await examineCompute(settings),
        await examineDatabase(settings),
        examineBroker(settings),
      ];
      const report = {
        version: projectVersion,
        node: process.version,
        findings,
        settings: reportSettings(settings),
      };
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(findings, report.settings));
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
    });
}

async function examineCompute(settings: Settings): Promise<Finding> {
  const { backend, device, reason, passedOver } = await prepareCompute(settings.TFJS_BACKEND);
  const others = passedOver.map((other) => `${other.backend} passed over: ${other.reason}`);
  return { part: 'compute', ok: true, detail: [`${backend} (${device}): ${reason}`, ...others].join('; ') };
}

async function examineDatabase(settings: Settings): Promise<Finding> {
  const part = 'database';
  try {
    if (settings.DATABASE_URL) {
      const { server, timescale } = await describeServer(settings.DATABASE_URL);
      const extension = timescale ? `TimescaleDB ${timescale}` : 'no TimescaleDB';
      return {
        part,
        ok: true,
        detail: `PostgreSQL ${server} at ${maskPassword(settings.DATABASE_URL)}, ${extension}`,
      };
    }
    const { postgres } = await findPostgresBinaries();
    const { prefix } = chooseLauncher();
    const as = prefix.length > 0 ? `, started as another user through ${prefix[0]}` : '';
    return {
      part,
      ok: true,
      detail: `embedded PostgreSQL in ${settings.DATA_DIR}/postgres (${postgres}${as}); no TimescaleDB`,
    };
  } catch (error) {
    return { part, ok: false, detail: (error as Error).message };
  }
}

function examineBroker(settings: Settings): Finding {
  const detail = settings.MQTT_URL
    ? maskPassword(settings.MQTT_URL)
    : `in this process, on 127.0.0.1:${settings.MQTT_PORT} (keeps sessions in memory: for trying, not for production)`;
  return { part: 'broker', ok: true, detail };
}

function describe(findings: readonly Finding[], settings: readonly SettingReport[]): string {
  const parts = findings.map(({ part, ok, detail }) => `${ok ? 'ok     ' : 'MISSING'} ${part}: ${detail}`);
  const width = Math.max(...settings.map((setting) => setting.name.length));
  const values = settings.map(
    ({ name, value, source, about }) => `  ${name.padEnd(width)}  ${value}  [${source}]  ${about}`,
  );
  return [`Spanwatch ${projectVersion}, Node ${process.version}`, ...parts, 'Settings', ...values, ''].join(
    '\n',
  );
}
