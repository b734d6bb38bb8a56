/** The HTTP door's one translation of failures: RFC 9457 problem details. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Failure, type FailureKind } from '../../core/domain/failure.ts';
import { logFailure } from './log-failure.ts';
import type { Logger } from './logger.ts';

const STATUS: Readonly<Record<FailureKind, number>> = {
  BadInput: 400,
  Conflict: 409,
  Unavailable: 503,
  Broken: 500,
};

/** Failures whose status says more than their kind's. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'not-found': 404,
  'precondition-failed': 412,
  'image-too-large': 413,
  'image-too-many-pixels': 413,
  'zip-too-large': 413,
  'image-type': 415,
  'image-animated': 415,
  'disk-full': 507,
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly [extension: string]: unknown;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = describeProblem(error, request.originalUrl);
    if (problem.status >= 500) {
      logFailure(this.logger, error, { url: request.originalUrl }, 'request failed');
    }
    if (response.headersSent) return;
    if (problem.status === 503) response.setHeader('Retry-After', '5');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

export function describeProblem(error: unknown, instance: string): Problem {
  if (error instanceof Failure) {
    const status = STATUS_BY_CODE[error.code] ?? STATUS[error.kind];
    // What is our own fault is logged in full and told in general.
    const detail = error.kind === 'Broken' ? 'The platform failed; its log says why.' : error.message;
    return {
      type: `urn:spanwatch:${error.code}`,
      title: error.code.replaceAll('-', ' '),
      status,
      detail,
      instance,
      // Whoever must decide again is shown what holds now.
      ...(error.kind === 'Conflict' && 'current' in error.context ? { current: error.context.current } : {}),
    };
  }
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return { type: 'about:blank', title: error.name, status, detail: error.message, instance };
  }
  const detail = 'The platform failed; its log says why.';
  return { type: 'urn:spanwatch:broken', title: 'broken', status: 500, detail, instance };
}
