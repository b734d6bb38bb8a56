/** The door for reports that people read, print and file. */
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { REPORT_POLICY } from '../../core/report/report-page.ts';
import { Reports } from './reports.ts';

const PAGE = { description: 'One HTML file that needs nothing else', schema: { type: 'string' } } as const;

@ApiTags('exchange')
@Controller('reports')
export class ReportsController {
  constructor(@Inject(Reports) private readonly reports: Reports) {}

  @Get('towers/:lineId/:towerId')
  @ApiOperation({
    summary: 'A tower: its defects with photographs, their history, anomaly events, labels and readings.',
  })
  @ApiProduces('text/html')
  @ApiOkResponse(PAGE)
  async ofTower(
    @Param('lineId') lineId: string,
    @Param('towerId') towerId: string,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.reports.ofTower(lineId, towerId));
  }

  @Get('flights/:flightId')
  @ApiOperation({
    summary:
      'A flight: coverage, findings by severity with photographs, and what is left to match or to send again.',
  })
  @ApiProduces('text/html')
  @ApiOkResponse(PAGE)
  async ofFlight(@Param('flightId') flightId: string, @Res() response: Response): Promise<void> {
    send(response, await this.reports.ofFlight(flightId));
  }
}

function send(response: Response, html: string): void {
  response.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `${REPORT_POLICY}; frame-ancestors 'self'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  response.send(html);
}
