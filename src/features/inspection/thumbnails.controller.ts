/** The door for copies of photographs, drawn anew; originals are evidence and are not handed out. */
import { Controller, Get, Inject, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { readFile } from 'node:fs/promises';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import { PLATFORM } from '../../platform/platform.module.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { drawView, readViewRequest } from './draw-view.ts';
import { findImage } from './find-image.ts';
import { thumbnailOf } from './intake/read-photograph.ts';

@ApiTags('inspection')
@Controller('v1/images')
export class ThumbnailsController {
  constructor(
    @Inject(ImageRepository) private readonly images: ImageRepository,
    @Inject(BlobStore) private readonly blobs: BlobStore,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  @Get(':imageId/thumbnail')
  @ApiOperation({ summary: 'A small copy of the photograph, upright and without metadata.' })
  @ApiProduces('image/jpeg')
  async show(
    @Param('imageId') imageId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const { sha256 } = await findImage(this.images, imageId);
    const jpeg = await readFile(this.blobs.thumbnailPathOf(sha256)).catch(() => this.make(sha256));
    return send(jpeg, response);
  }

  @Get(':imageId/view')
  @ApiOperation({ summary: 'The photograph, or a part of it, upright and without metadata.' })
  @ApiQuery({
    name: 'box',
    required: false,
    description: 'x,y,width,height in pixels of the original; all by default',
  })
  @ApiQuery({ name: 'size', required: false, description: 'longer side, at most 4000; 1600 by default' })
  @ApiProduces('image/jpeg')
  async view(
    @Param('imageId') imageId: string,
    @Res({ passthrough: true }) response: Response,
    @Query('box') box?: string,
    @Query('size') size?: string,
  ): Promise<StreamableFile> {
    const image = await findImage(this.images, imageId);
    const { sha256, width_px: widthPx, height_px: heightPx } = image;
    const request = readViewRequest(box, size, { widthPx, heightPx });
    return send(await drawView(this.blobs.pathOf(sha256), (widthPx * heightPx) / 1e6, request), response);
  }

  /** Photographs that were taken in by earlier versions have none yet. */
  private async make(sha256: string): Promise<Buffer> {
    const { MAX_IMAGE_MEGAPIXELS } = this.platform.settings;
    const jpeg = await thumbnailOf(this.blobs.pathOf(sha256), MAX_IMAGE_MEGAPIXELS);
    await this.blobs.keepThumbnail(sha256, jpeg);
    return jpeg;
  }
}

function send(jpeg: Buffer, response: Response): StreamableFile {
  // The bytes of an image never change; who may see it may.
  response.setHeader('Cache-Control', 'private, max-age=86400, immutable');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  return new StreamableFile(jpeg, { type: 'image/jpeg', length: jpeg.length });
}
