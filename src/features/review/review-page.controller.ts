/** The page on which people review: static files, whatever finding the address names. */
import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/domain/failure.ts';
import { reviewPageFolder } from '../../platform/project-root.ts';

const FILES: Readonly<Record<string, string>> = {
  'review.html': 'text/html; charset=utf-8',
  'review.css': 'text/css; charset=utf-8',
  'review.js': 'text/javascript; charset=utf-8',
  'photograph.js': 'text/javascript; charset=utf-8',
  'ask.js': 'text/javascript; charset=utf-8',
};

/** Nothing comes from elsewhere, and no script but our files runs. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

@ApiExcludeController()
@Controller('review')
export class ReviewPageController {
  @Get()
  queue(@Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return send('review.html', response);
  }

  @Get('files/:name')
  file(@Param('name') name: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return send(name, response);
  }

  @Get(':findingId')
  finding(@Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return send('review.html', response);
  }
}

async function send(name: string, response: Response): Promise<StreamableFile> {
  const type = Object.hasOwn(FILES, name) ? FILES[name]! : null;
  if (type === null) throw new BadInput('not-found', `There is no file ${name}.`);
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-cache');
  return new StreamableFile(await readFile(path.join(reviewPageFolder, name)), { type });
}
