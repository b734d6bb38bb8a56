/** Lists what could not be stored, with why, and hands out its bytes. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { Answers, AnswersPage } from '../../platform/ops/openapi.ts';
import {
  RejectedMessageRepository,
  type RejectedRow,
} from '../../platform/storage/rejected-message-repository.ts';

const rejectedMessage = z.object({
  rejectedMessageId: z.string(),
  receivedAt: z.iso.datetime(),
  topic: z.string(),
  reasonCode: z.string().describe('One of a few, such as payload-not-json or quantity-implausible'),
  reason: z.string(),
  replayedAt: z.iso.datetime().nullable().describe('When a replay stored it; null while it waits'),
  payloadBytes: z.number(),
  payloadBase64: z.string().describe('In the list its beginning, of one message all that was kept'),
});

/** Identities are bigints. */
const identity = z.string().regex(/^\d{1,18}$/);

@ApiTags('ingest')
@Controller('v1/rejected-messages')
export class RejectedMessagesController {
  constructor(@Inject(RejectedMessageRepository) private readonly messages: RejectedMessageRepository) {}

  @Get()
  @ApiOperation({ summary: 'Messages that could not be stored, each with its reason.' })
  @AnswersPage(rejectedMessage, {
    reason: 'Reason code',
    since: 'Received at or after, ISO 8601',
    topic: 'Beginning of the topic',
    state: 'waiting or replayed',
  })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('reason') reason?: string,
    @Query('since') since?: string,
    @Query('topic') topic?: string,
    @Query('state') state?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const filter = {
      reasonCode: reason ?? null,
      since: readSince(since),
      topicPrefix: topic ?? null,
      state: readChoice('state', state, ['waiting', 'replayed']),
    };
    const before = page.after && readIdentity(page.after[1]);
    const rows = await this.messages.list(filter, page.limit + 1, before);
    return toPage(rows, page, (row) => [row.received_at.toISOString(), row.rejected_message_id], describe);
  }

  @Get(':messageId')
  @ApiOperation({ summary: 'One rejected message with all bytes that were kept.' })
  @Answers(200, 'The message', rejectedMessage)
  async show(@Param('messageId') messageId: string): Promise<z.input<typeof rejectedMessage>> {
    const row = identity.safeParse(messageId).success ? await this.messages.find(messageId) : null;
    if (!row) throw new BadInput('not-found', `There is no rejected message ${messageId}.`);
    return describe(row);
  }
}

function readSince(text: string | undefined): Date | null {
  if (text === undefined) return null;
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return new Date(text);
  throw new BadInput(
    'bad-filter',
    `since must be a time with its zone, such as 2026-11-23T10:00:00Z, not ${text}.`,
  );
}

function readIdentity(text: string): string {
  if (identity.safeParse(text).success) return text;
  throw new BadInput('bad-cursor', 'cursor must be the nextCursor of the page before.');
}

function describe(row: RejectedRow): z.input<typeof rejectedMessage> {
  return {
    rejectedMessageId: row.rejected_message_id,
    receivedAt: row.received_at.toISOString(),
    topic: row.topic,
    reasonCode: row.reason_code,
    reason: row.reason,
    replayedAt: row.replayed_at?.toISOString() ?? null,
    payloadBytes: row.payload_bytes,
    payloadBase64: row.payload.toString('base64'),
  };
}
