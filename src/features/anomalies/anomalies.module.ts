/** Wires anomalies: the list of events where the api role runs, scoring where the worker role runs. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Metrics } from '../../platform/ops/metrics.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { AnomalyEventRepository } from '../../platform/storage/anomaly-event-repository.ts';
import { AnomalyScoreRepository } from '../../platform/storage/anomaly-score-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { PeerStandingRepository } from '../../platform/storage/peer-standing-repository.ts';
import { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import { AnomalyEventsController } from './anomaly-events.controller.ts';
import { Scoring } from './scoring.ts';
import { ScoringLoop } from './scoring-loop.ts';

@Module({ controllers: [AnomalyEventsController] })
export class AnomaliesApiModule {}

@Module({})
export class AnomaliesWorkerModule implements OnApplicationBootstrap, OnModuleDestroy {
  static of({ logger }: Platform): DynamicModule {
    return {
      module: AnomaliesWorkerModule,
      providers: [
        {
          provide: Scoring,
          inject: [
            Database,
            AnomalyScoreRepository,
            AnomalyEventRepository,
            PeerStandingRepository,
            ModelVersionRepository,
            Metrics,
          ],
          useFactory: (
            database: Database,
            scores: AnomalyScoreRepository,
            events: AnomalyEventRepository,
            standings: PeerStandingRepository,
            versions: ModelVersionRepository,
            metrics: Metrics,
          ) => new Scoring(database, scores, events, standings, versions, metrics, logger),
        },
        {
          provide: ScoringLoop,
          inject: [Scoring],
          useFactory: (scoring: Scoring) => new ScoringLoop(scoring, logger),
        },
      ],
    };
  }

  constructor(@Inject(ScoringLoop) private readonly loop: ScoringLoop) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }
}
