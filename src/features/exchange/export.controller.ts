/** The door for data that leaves: boxes for other tools, findings for maps and work orders. */
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ANNOTATION_FORMS } from '../../core/annotation/annotation.ts';
import { readChoice } from '../../core/domain/page.ts';
import { FINDING_FORMS, findingWriters } from '../../core/exchange/finding-text.ts';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import { streamAnswer } from '../../platform/ops/stream-answer.ts';
import { FindingExportRepository } from '../../platform/storage/finding-export-repository.ts';
import { zipFolder } from '../../platform/zip/zip-folder.ts';
import { ExportAnnotations } from './export-annotations.ts';
import { exportFindings } from './export-findings.ts';
import { readForm, readInstant } from './read-selection.ts';

@ApiTags('exchange')
@Controller('v1/export')
export class ExportController {
  constructor(
    @Inject(ExportAnnotations) private readonly annotations: ExportAnnotations,
    @Inject(FindingExportRepository) private readonly findings: FindingExportRepository,
    @Inject(BlobStore) private readonly blobs: BlobStore,
  ) {}

  @Get('annotations')
  @ApiOperation({
    summary: 'Boxes in a form that other tools read, without the photographs: COCO as JSON, others as a ZIP.',
  })
  @ApiQuery({ name: 'form', enum: ANNOTATION_FORMS })
  @ApiQuery({
    name: 'state',
    required: false,
    enum: ['confirmed', 'proposed', 'all'],
    description: 'Whose: confirmed by a person (as a rule), proposed by the detector, or all',
  })
  @ApiQuery({ name: 'flight', required: false, description: 'Flight id' })
  @ApiQuery({ name: 'line', required: false, description: 'Line id' })
  @ApiProduces('application/json', 'application/zip')
  @ApiOkResponse({ description: 'The set', schema: { type: 'string', format: 'binary' } })
  async exportAnnotations(
    @Res() response: Response,
    @Query('form') form?: string,
    @Query('state') state?: string,
    @Query('flight') flight?: string,
    @Query('line') line?: string,
  ): Promise<void> {
    const wanted = readForm(form, ANNOTATION_FORMS);
    const chosen = readChoice('state', state, ['confirmed', 'proposed', 'all']) ?? 'confirmed';
    const selection = { state: chosen, flight: flight ?? null, line: line ?? null };
    // On disk first: the database is done with it, and known to have given all of it, before the first byte is sent.
    const folder = await mkdtemp(path.join(this.blobs.incomingFolder, 'export-'));
    try {
      const set = path.join(folder, 'set');
      await this.annotations.run(wanted, selection, set, false);
      const isCoco = wanted === 'coco';
      const headers = isCoco
        ? attachment('application/json', 'annotations.json')
        : attachment('application/zip', `annotations-${wanted}.zip`);
      const pieces = isCoco ? createReadStream(path.join(set, 'annotations.json')) : await zipFolder(set);
      await streamAnswer(response, headers, pieces);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  @Get('findings')
  @ApiOperation({ summary: 'Findings as GeoJSON for maps, or as CSV for work orders.' })
  @ApiQuery({ name: 'form', enum: FINDING_FORMS })
  @ApiQuery({ name: 'from', required: false, description: 'Inspected at or after, ISO 8601 with zone' })
  @ApiQuery({ name: 'to', required: false, description: 'Inspected before' })
  @ApiQuery({ name: 'line', required: false, description: 'Line id' })
  @ApiQuery({
    name: 'open',
    required: false,
    enum: ['true', 'false'],
    description: 'true: only defects of the newest look at each tower that nobody has rejected',
  })
  @ApiProduces('application/geo+json', 'text/csv')
  @ApiOkResponse({ description: 'All of them, oldest first', schema: { type: 'string', format: 'binary' } })
  async exportFindings(
    @Req() request: Request,
    @Res() response: Response,
    @Query('form') form?: string,
    @Query('from') from?: string,
    @Query('to') to?: string,
    @Query('line') line?: string,
    @Query('open') open?: string,
  ): Promise<void> {
    const wanted = readForm(form, FINDING_FORMS);
    const selection = {
      from: readInstant('from', from),
      to: readInstant('to', to),
      line: line ?? null,
      isOpen: readChoice('open', open, ['true', 'false']) === 'true',
    };
    const linkBase = `${request.protocol}://${request.get('host')}`;
    const headers = attachment(findingWriters[wanted].mediaType, `findings.${wanted}`);
    await streamAnswer(response, headers, exportFindings(this.findings, wanted, selection, linkBase));
  }
}

function attachment(type: string, fileName: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}
