/** The door for uploads over bad links: the tus protocol, version 1.0.0, in pieces that need not be sent twice. */
import { Controller, Delete, Get, Head, Inject, Options, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Server } from '@tus/server';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';
import { Answers } from '../../../platform/ops/openapi.ts';
import { ImageUploadRepository } from '../../../platform/storage/image-upload-repository.ts';
import { ImageUploadStore } from './image-upload-store.ts';
import { TUS_SERVER } from './tus-server.ts';

const progress = z.object({
  uploadId: z.string(),
  state: z.enum(['receiving', 'accepted', 'rejected']),
  receivedBytes: z.number(),
  byteCount: z.number().nullable(),
  imageId: z.uuid().nullable(),
  problem: z.record(z.string(), z.unknown()).nullable(),
});

@ApiTags('inspection')
@Controller('v1/uploads')
export class UploadsController {
  constructor(
    @Inject(TUS_SERVER) private readonly server: Server,
    @Inject(ImageUploadStore) private readonly store: ImageUploadStore,
    @Inject(ImageUploadRepository) private readonly finished: ImageUploadRepository,
  ) {}

  @Post()
  @ApiOperation({ summary: 'tus: begin an upload; Upload-Metadata may have filename and flightId.' })
  async create(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.server.handle(request, response);
  }

  @Options()
  @ApiOperation({ summary: 'tus: what the server can do.' })
  async describe(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.server.handle(request, response);
  }

  // Before GET, which would answer HEAD as well.
  @Head(':uploadId')
  @ApiOperation({ summary: 'tus: how much of an upload has come.' })
  async ask(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.server.handle(request, response);
  }

  @Patch(':uploadId')
  @ApiOperation({ summary: 'tus: send a piece; the last one answers with the header Image-Id.' })
  async send(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.server.handle(request, response);
  }

  @Delete(':uploadId')
  @ApiOperation({ summary: 'tus: give an upload up.' })
  async giveUp(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.server.handle(request, response);
  }

  @Get(':uploadId')
  @ApiOperation({ summary: 'What became of an upload, for a client whose link broke before it was told.' })
  @Answers(200, 'The upload', progress)
  async show(@Param('uploadId') uploadId: string): Promise<z.input<typeof progress>> {
    const row = /^[0-9a-f]{32}$/.test(uploadId) ? await this.finished.find(uploadId) : undefined;
    if (row) {
      const { byte_count: byteCount, image_id: imageId, problem } = row;
      const state = imageId ? 'accepted' : 'rejected';
      return { uploadId, state, receivedBytes: byteCount, byteCount, imageId, problem };
    }
    const upload = row === null ? await this.store.getUpload(uploadId).catch(() => null) : null;
    if (!upload) throw new BadInput('not-found', `There is no upload ${uploadId}.`);
    const { offset: receivedBytes, size } = upload;
    const byteCount = size ?? null;
    return { uploadId, state: 'receiving', receivedBytes, byteCount, imageId: null, problem: null };
  }
}
