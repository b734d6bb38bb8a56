/** The command line: one list of commands, and the one place where failures become exit codes. */
import { Command, CommanderError } from 'commander';
import { Failure } from '../core/domain/failure.ts';
import { projectVersion } from '../platform/project-root.ts';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  start: {
    about: 'run the platform: HTTP door, MQTT ingest, workers',
    load: async () => (await import('./start.ts')).startCommand(),
  },
  demo: {
    about: 'tell the whole story on a simulated grid, then stay up until Ctrl-C',
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  doctor: {
    about: 'say what is installed, which backend and database are used, and what is missing',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  migrate: {
    about: 'apply the SQL migrations that the database does not have yet',
    load: async () => (await import('./migrate.ts')).migrateCommand(),
  },
  simulate: {
    about: 'write telemetry, weather, inspections and the hidden truth of a simulated grid as CSV files',
    load: async () => (await import('./simulate.ts')).simulateCommand(),
  },
  import: {
    about: 'bring files of assets and readings into the database',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  mqtt: {
    about: 'what the broker needs to know of the sensors',
    load: async () => (await import('./mqtt.ts')).mqttCommand(),
  },
  export: {
    about: 'take readings out of the database',
    load: async () => (await import('./export.ts')).exportCommand(),
  },
  dashboards: {
    about: 'write dashboards, alert rules and the rest that a Grafana needs',
    load: async () => (await import('./dashboards.ts')).dashboardsCommand(),
  },
  sensors: {
    about: 'list sensors with their health: last reading, rhythm, gaps, stuck channels, clock',
    load: async () => (await import('./sensors.ts')).sensorsCommand(),
  },
  rejected: {
    about: 'look at messages that could not be stored, try them again, and clear them away',
    load: async (words) => (await import('./rejected.ts')).rejectedCommand(words),
  },
  review: {
    about: 'list findings that wait for a person, and decide on them',
    load: async (words) => (await import('./review.ts')).reviewCommand(words),
  },
  detector: {
    about: 'train, measure and use the detector of insulators, joints and their defects',
    load: async (words) => (await import('./detector.ts')).detectorCommand(words),
  },
  backbone: {
    about: 'bring in the pre-trained features that models share',
    load: async () => (await import('./backbone.ts')).backboneCommand(),
  },
  anomaly: {
    about: 'train and use the anomaly model on telemetry files',
    load: async () => (await import('./anomaly.ts')).anomalyCommand(),
  },
  explain: {
    about: 'say why an anomaly event was raised, and whether the stored data still say so',
    load: async () => (await import('./explain.ts')).explainCommand(),
  },
};

const FAILED = 1;
const MISUSED = 2;

const program = new Command('spanwatch')
  .description('Watches power lines between drone flights.')
  .version(projectVersion);
await addCommands(program, COMMANDS, process.argv.slice(2));
letErrorsThrough(program);

// Whoever reads our output, such as `head`, may have had enough: that is no failure, and the command ends in order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Commander would end the process with 1 for a misuse; here it is 2. */
function letErrorsThrough(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const subcommand of command.commands) letErrorsThrough(subcommand);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Asked for help or version: that is printed already.
    if (error.exitCode === 0 || error.code === 'commander.help')
      return error.code === 'commander.help' ? MISUSED : 0;
    say(error.message.replace(/^error: /, ''));
    return MISUSED;
  }
  if (error instanceof Failure) {
    say(error.message);
    return error.kind === 'BadInput' ? MISUSED : FAILED;
  }
  // Not foreseen, so the whole trace is worth more than one line.
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return FAILED;
}

function say(message: string): void {
  process.stderr.write(`spanwatch: ${message}\n`);
}
