/** Wires the part of ingest that people look at into the api role. */
import { Module } from '@nestjs/common';
import { RejectedMessagesController } from './rejected-messages.controller.ts';

@Module({ controllers: [RejectedMessagesController] })
export class IngestApiModule {}
