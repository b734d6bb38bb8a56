/** The door for copies of photographs, drawn anew; originals are evidence and are not handed out. */
import { Controller, Get, Inject, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { BadInput } from '../../core/domain/failure.ts';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { drawView, readViewRequest } from './draw-view.ts';
import { findImage } from './find-image.ts';
import { Thumbnails } from './thumbnails.ts';

/** The bytes of an image never change; who may see it may. */
const BYTES_NEVER_CHANGE = 'private, max-age=86400, immutable';
/** Analysis and review move boxes; a board that is refreshed every few seconds need not have them drawn each time. */
const BOXES_MAY_MOVE = 'private, max-age=30';

@ApiTags('inspection')
@Controller('v1/images')
export class ThumbnailsController {
  constructor(
    @Inject(ImageRepository) private readonly images: ImageRepository,
    @Inject(BlobStore) private readonly blobs: BlobStore,
    @Inject(Thumbnails) private readonly thumbnails: Thumbnails,
  ) {}

  @Get(':imageId/thumbnail')
  @ApiOperation({ summary: 'A small copy of the photograph, upright and without metadata.' })
  @ApiQuery({
    name: 'boxes',
    required: false,
    enum: ['true', 'false'],
    description:
      'true: with defects in orange and other objects in blue, as people and detector have left them',
  })
  @ApiProduces('image/jpeg')
  async show(
    @Param('imageId') imageId: string,
    @Res({ passthrough: true }) response: Response,
    @Query('boxes') boxes?: string,
  ): Promise<StreamableFile> {
    const isDrawn = readFlag('boxes', boxes);
    const image = await findImage(this.images, imageId);
    return isDrawn
      ? send(await this.thumbnails.withBoxes(image), response, BOXES_MAY_MOVE)
      : send(await this.thumbnails.plain(image), response);
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
}

function readFlag(name: string, value = 'false'): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new BadInput(`bad-${name}`, `${name} must be true or false, not ${value}.`);
}

function send(jpeg: Buffer, response: Response, caching = BYTES_NEVER_CHANGE): StreamableFile {
  response.setHeader('Cache-Control', caching);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  return new StreamableFile(jpeg, { type: 'image/jpeg', length: jpeg.length });
}
