/** `spanwatch demo`: tells the whole story on a simulated grid. */
import path from 'node:path';
import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { Listr } from 'listr2';
import { runDemo, StageFailed, type StageTeller } from '../demo/demo.ts';
import { printSummary } from '../demo/print-summary.ts';
import { startSpanwatch, type Spanwatch } from '../main.ts';
import { lockDataFolder } from '../platform/ops/data-folder-lock.ts';
import { createLogger } from '../platform/ops/logger.ts';
import { readSettings, type Settings } from '../settings.ts';
import { seedNumber } from './read-option.ts';
import { listenForStop } from './until-stopped.ts';

interface DemoOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly seed: number;
  readonly images?: string;
}

const DEFAULT_SEED = 1;
const FAILED = 1;
/** What shells report for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export function demoCommand(): Command {
  return new Command('demo')
    .option('--once', 'stop after the summary', false)
    .option('--json', 'print the summary as one line of JSON', false)
    .option('--fresh', 'start from an empty data folder', false)
    .option('--seed <number>', 'which made-up world', seedNumber, DEFAULT_SEED)
    .option('--images <folder>', 'labelled real photographs for the drones, instead of drawn ones')
    .action(demo);
}

async function demo({ once, json, fresh, seed, images }: DemoOptions): Promise<void> {
  const stopping = listenForStop();
  const settings = readSettings();
  if (fresh) await emptyDataFolder(settings.DATA_DIR);
  const tellStage = json ? tellNothing : tellOnTerminal;
  const logFile = path.join(settings.DATA_DIR, 'spanwatch.log');
  let spanwatch: Spanwatch | undefined;
  try {
    spanwatch = await startTelling(settings, logFile, tellStage);
    const summary = await runDemo(spanwatch, tellStage, stopping.signal, {
      seed,
      ...(images === undefined ? {} : { images }),
    });
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : printSummary(summary));
    if (!once) {
      if (!json) process.stdout.write(`Log            ${logFile}\n\nStays up until Ctrl-C.\n`);
      await stopping.asked;
    }
  } catch (error) {
    process.exitCode = tellEnd(error, stopping.signal.aborted, logFile);
  } finally {
    await spanwatch?.stop();
  }
}

/** @returns the exit code */
function tellEnd(error: unknown, wasStopped: boolean, logFile: string): number {
  if (wasStopped) {
    process.stderr.write('\nStopped; run the demo again to go on from here.\n');
    return INTERRUPTED;
  }
  if (!(error instanceof StageFailed)) throw error;
  process.stderr.write(`spanwatch: the demo failed at "${error.title}": ${error.reason}\n`);
  if (!error.foreseen) process.stderr.write(`The log may say more: ${logFile}\n`);
  return FAILED;
}

async function startTelling(settings: Settings, logFile: string, tellStage: StageTeller): Promise<Spanwatch> {
  const title = 'Database, migrations and MQTT broker start';
  let spanwatch: Spanwatch | undefined;
  await tellStage({ title, run: () => Promise.resolve() }, async (tell) => {
    try {
      spanwatch = await startSpanwatch(settings, createLogger(settings.LOG_LEVEL, logFile), (step) =>
        tell(`${step} …`),
      );
    } catch (cause) {
      throw new StageFailed(title, cause);
    }
    const { migration } = spanwatch.platform;
    tell(`${migration.flavour} ${migration.serverVersion}; models compute on ${spanwatch.compute?.reason}`);
  });
  if (!spanwatch) throw new Error('The platform did not start.');
  return spanwatch;
}

/** Only what Spanwatch made; a data folder may hold other things. */
async function emptyDataFolder(folder: string): Promise<void> {
  const lock = await lockDataFolder(folder);
  const ours = [
    'postgres',
    'postgres.log',
    'blobs',
    'models',
    'training',
    'demo.json',
    'demo-event.svg',
    'spanwatch.log',
  ];
  await Promise.all(ours.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
  await lock.release();
}

const tellNothing: StageTeller = (_stage, run) => run(() => {});

/** A spinner with the stage's last words on a terminal, plain lines elsewhere. */
const tellOnTerminal: StageTeller = async (stage, run) => {
  const list = new Listr(
    [
      {
        title: stage.title,
        task: async (_context, task) => {
          let last = '';
          await run((text) => {
            last = text;
            if (process.stdout.isTTY) task.output = text;
          });
          task.title = last ? `${stage.title}: ${last}` : stage.title;
        },
      },
    ],
    {
      renderer: 'default',
      fallbackRenderer: 'simple',
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false },
    },
  );
  await list.run();
};
