/** `spanwatch mqtt`: what the broker needs to know of the sensors. */
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { brokerAcl } from '../features/ingest/broker-acl.ts';
import { SensorRepository } from '../platform/storage/sensor-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';

interface AclOptions {
  readonly platformUser: string;
  readonly out?: string;
}

export function mqttCommand(): Command {
  return new Command('mqtt').addCommand(
    new Command('acl')
      .description('write an access list for mosquitto: each sensor may publish as itself and nothing else')
      .option('--platform-user <name>', 'user that Spanwatch connects as', 'spanwatch')
      .option('--out <file>', 'file to write, instead of standard output')
      .action(writeAcl),
  );
}

async function writeAcl({ platformUser, out }: AclOptions): Promise<void> {
  const sensors = await lendDatabase(readSettings(), (database) => new SensorRepository(database).all());
  const acl = brokerAcl(sensors, { platform: platformUser });
  if (out === undefined) {
    process.stdout.write(acl);
    return;
  }
  await writeFile(out, acl, { mode: 0o640 });
  process.stdout.write(`Wrote the rights of ${sensors.length} sensors to ${out}.\n`);
}
