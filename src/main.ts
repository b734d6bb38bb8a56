/** Boots the roles that the settings name and stops them in order. */
import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestFactory } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { AppModule } from './app.module.ts';
import { Unavailable } from './core/domain/failure.ts';
import type { Compute } from './platform/compute/choose-backend.ts';
import { asNestLogger, type Logger } from './platform/ops/logger.ts';
import { publishOpenApi } from './platform/ops/openapi.ts';
import { ProblemFilter } from './platform/ops/problem-filter.ts';
import { projectVersion } from './platform/project-root.ts';
import { startPlatform, type Platform, type StartListener } from './platform/start-platform.ts';
import type { Settings } from './settings.ts';

export interface Spanwatch {
  readonly platform: Platform;
  readonly app: NestExpressApplication;
  /** Null where no worker runs: nothing is computed then. */
  readonly compute: Compute | null;
  /** Where the HTTP door listens: `http://127.0.0.1:3000`. Health and metrics are there whatever the roles. */
  readonly url: string;
  /** Stops taking work, finishes what is under way, then stops broker and database. */
  stop(): Promise<void>;
}

/** @throws Failure with one line that says what to do; nothing is left running then */
export async function startSpanwatch(
  settings: Settings,
  logger: Logger,
  onStep: StartListener = () => {},
): Promise<Spanwatch> {
  const platform = await startPlatform(settings, logger, onStep);
  let app: NestExpressApplication | undefined;
  try {
    const compute = settings.ROLES.includes('worker') ? await chooseCompute(settings) : null;
    if (compute) {
      const { backend, reason, passedOver } = compute;
      logger.info({ backend, reason, passedOver }, 'compute backend chosen');
    }
    app = await NestFactory.create<NestExpressApplication>(await AppModule.of(platform), {
      logger: asNestLogger(logger),
      abortOnError: false,
    });
    app.useGlobalFilters(new ProblemFilter(logger));
    publishOpenApi(app, projectVersion);
    await listen(app, settings);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const url = `http://${settings.HOST}:${port}`;
    logger.info({ url, roles: settings.ROLES, mqtt: platform.mqttUrl }, 'Spanwatch is up');
    const running = app;
    const stop = async () => {
      await running.close();
      await platform.stop();
      logger.info('Spanwatch has stopped');
    };
    return { platform, app, compute, url, stop: once(stop) };
  } catch (error) {
    await app?.close().catch(() => {});
    await platform.stop();
    throw error;
  }
}

/** TensorFlow.js is loaded by those who compute: it takes a third of the memory of one who doesn't. */
async function chooseCompute({ TFJS_BACKEND }: Settings): Promise<Compute> {
  const { prepareCompute } = await import('./platform/compute/choose-backend.ts');
  return prepareCompute(TFJS_BACKEND);
}

async function listen(app: NestExpressApplication, { PORT, HOST }: Settings): Promise<void> {
  try {
    await app.listen(PORT, HOST);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') {
      throw new Unavailable(
        'port-in-use',
        `Port ${PORT} on ${HOST} is in use: stop what uses it, or set PORT.`,
        {},
        { cause },
      );
    }
    if (code === 'EACCES') {
      throw new Unavailable(
        'port-forbidden',
        `Port ${PORT} may not be used by this user: set PORT above 1023.`,
        {},
        { cause },
      );
    }
    throw cause;
  }
}

/** A second Ctrl-C waits for the same stop instead of starting another. */
function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= work());
}
