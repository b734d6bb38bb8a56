/** The door for model versions. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { readPageRequest, toPage } from '../../core/domain/page.ts';
import { AnswersPage } from '../../platform/ops/openapi.ts';
import {
  ModelVersionRepository,
  type ModelVersionRow,
} from '../../platform/storage/model-version-repository.ts';

const modelVersion = z.object({
  model: z.string(),
  version: z.string(),
  stage: z.enum(['registered', 'champion', 'retired']),
  registeredAt: z.iso.datetime(),
  weightsSha256: z.string(),
  record: z
    .record(z.string(), z.unknown())
    .describe('Data hash and cut-off, split, seed, settings, versions'),
  metrics: z.record(z.string(), z.unknown()).describe('Measured on data that training did not see'),
});

@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(@Inject(ModelVersionRepository) private readonly versions: ModelVersionRepository) {}

  @Get()
  @ApiOperation({ summary: 'Model versions and which of them serves.' })
  @AnswersPage(modelVersion, { model: 'Model name' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('model') model?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const rows = await this.versions.list(page, model ?? null);
    return toPage(
      rows,
      page,
      (row) => [row.registered_at.toISOString(), `${row.model}/${row.version}`],
      describe,
    );
  }
}

function describe(row: ModelVersionRow): z.input<typeof modelVersion> {
  return {
    model: row.model,
    version: row.version,
    stage: row.stage,
    registeredAt: row.registered_at.toISOString(),
    weightsSha256: row.weights_sha256,
    record: { ...row.manifest.record },
    metrics: { ...row.manifest.metrics },
  };
}
