/** The door for what inspections said of towers. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { AnswersPage } from '../../platform/ops/openapi.ts';
import { FindingRepository, type FindingRow } from '../../platform/storage/finding-repository.ts';

const finding = z.object({
  findingId: z.uuid(),
  lineId: z.string(),
  towerId: z.string(),
  flightId: z.string(),
  kind: z.string(),
  outcome: z.enum(['clean', 'defect']),
  probability: z.number(),
  inspectedAt: z.iso.datetime(),
  imageIds: z.array(z.uuid()),
  modelVersion: z.string().nullable(),
  reviewState: z.enum(['unreviewed', 'confirmed', 'rejected', 'reclassed']),
});

@ApiTags('inspection')
@Controller('v1/findings')
export class FindingsController {
  constructor(@Inject(FindingRepository) private readonly findings: FindingRepository) {}

  @Get()
  @ApiOperation({ summary: 'What inspections said of towers.' })
  @AnswersPage(finding, { line: 'Line id', tower: 'Tower id', outcome: 'clean or defect' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('line') line?: string,
    @Query('tower') tower?: string,
    @Query('outcome') outcome?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const filter = {
      line: line ?? null,
      tower: tower ?? null,
      outcome: readChoice('outcome', outcome, ['clean', 'defect']),
    };
    const rows = await this.findings.list(page, filter);
    return toPage(rows, page, (row) => [row.inspected_at.toISOString(), row.finding_id], describe);
  }
}

function describe(row: FindingRow): z.input<typeof finding> {
  return {
    findingId: row.finding_id,
    lineId: row.line_id,
    towerId: row.tower_id,
    flightId: row.flight_id,
    kind: row.kind,
    outcome: row.outcome,
    probability: row.probability,
    inspectedAt: row.inspected_at.toISOString(),
    imageIds: row.image_ids,
    modelVersion: row.model_version,
    reviewState: row.review_state,
  };
}
