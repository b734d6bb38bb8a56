/** The door for what waits for a person's decision, and for how far people agree. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { readPageRequest } from '../../core/domain/page.ts';
import { personOf } from '../../core/domain/review.ts';
import { Answers } from '../../platform/ops/openapi.ts';
import { ReviewRepository, type QueueRow } from '../../platform/storage/review-repository.ts';
import { agreementAnswer, describeAgreement } from './describe-agreement.ts';

const item = z.object({
  findingId: z.uuid(),
  lineId: z.string(),
  towerId: z.string(),
  flightId: z.string(),
  kind: z.string(),
  outcome: z.enum(['clean', 'defect']),
  probability: z.number(),
  severity: z.number().int().nullable(),
  revision: z.number().int(),
  inspectedAt: z.iso.datetime(),
  imageIds: z.array(z.uuid()),
  awaits: z.enum(['first', 'second', 'third']).describe('which opinion'),
  eventSeverity: z.string().nullable().describe('of the worst open event of the tower'),
  disagrees: z.boolean().describe('drone and sensors say different things'),
  priority: z.number().describe('uncertainty x consequence x (1 + waitingDays / 7)'),
  uncertainty: z.number(),
  consequence: z.number(),
  waitingDays: z.number(),
});
const answer = z.object({ items: z.array(item), waiting: z.number().int().describe('all that wait') });

@ApiTags('review')
@Controller('v1')
export class ReviewQueueController {
  constructor(@Inject(ReviewRepository) private readonly reviews: ReviewRepository) {}

  @Get('review-queue')
  @ApiOperation({ summary: 'What waits for a person, first where a decision teaches or saves most.' })
  @ApiQuery({ name: 'limit', required: false, description: '1 to 500; 50 by default' })
  @ApiQuery({ name: 'reviewer', required: false, description: 'who asks: what they decided is left out' })
  @ApiQuery({ name: 'line', required: false, description: 'Line id' })
  @Answers(200, 'The head of the queue', answer)
  async queue(
    @Query('limit') limit?: string,
    @Query('reviewer') reviewer?: string,
    @Query('line') line?: string,
  ): Promise<z.input<typeof answer>> {
    const rows = await this.reviews.queue({
      limit: readPageRequest(limit, undefined).limit,
      person: reviewer?.trim() ? personOf(reviewer) : null,
      line: line ?? null,
    });
    return { items: rows.map(describe), waiting: rows[0]?.waiting ?? 0 };
  }

  @Get('review-agreement')
  @ApiOperation({ summary: 'How far first opinions and blind second ones agree.' })
  @ApiQuery({ name: 'from', required: false, description: 'second opinions given since, ISO 8601' })
  @ApiQuery({ name: 'to', required: false, description: 'and before' })
  @Answers(200, 'Raw agreement and Cohen’s kappa, each with its 95 % interval', agreementAnswer)
  async agreement(
    @Query('from') from?: string,
    @Query('to') to?: string,
  ): Promise<z.input<typeof agreementAnswer>> {
    return describeAgreement(await this.reviews.agreement(readTime('from', from), readTime('to', to)));
  }
}

function readTime(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const time = z.iso.datetime({ offset: true }).or(z.iso.date()).safeParse(text);
  if (time.success) return new Date(text);
  throw new BadInput('bad-time', `${name} must be a time such as 2026-05-01T00:00:00Z, not ${text}.`);
}

function describe(row: QueueRow): z.input<typeof item> {
  return {
    findingId: row.finding_id,
    lineId: row.line_id,
    towerId: row.tower_id,
    flightId: row.flight_id,
    kind: row.kind,
    outcome: row.outcome,
    probability: row.probability,
    // Of a finding that waits for another opinion it tells what the first one was.
    severity: row.awaits === 'first' ? row.severity : null,
    revision: row.revision,
    inspectedAt: row.inspected_at.toISOString(),
    imageIds: row.image_ids,
    awaits: row.awaits,
    eventSeverity: row.event_severity,
    disagrees: row.disagrees,
    priority: row.priority,
    uncertainty: row.uncertainty,
    consequence: row.consequence,
    waitingDays: row.waiting_days,
  };
}
