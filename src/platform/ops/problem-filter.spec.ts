import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { BadInput, Broken, Conflict, Unavailable } from '../../core/domain/failure.ts';
import { describeProblem } from './problem-filter.ts';

describe('problem details', () => {
  it.each([
    [new BadInput('x', 'm'), 400],
    [new BadInput('not-found', 'm'), 404],
    [new BadInput('image-too-large', 'm'), 413],
    [new BadInput('image-type', 'm'), 415],
    [new Conflict('x', 'm'), 409],
    [new Unavailable('x', 'm'), 503],
    [new Broken('x', 'm'), 500],
    [new NotFoundException(), 404],
    [new Error('x'), 500],
  ])('give %s its status', (error, status) => {
    expect(describeProblem(error, '/v1/x').status).toBe(status);
  });

  it('tell the sender what to change', () => {
    const problem = describeProblem(new BadInput('bad-limit', 'limit must be 1 to 500.'), '/v1/x');
    expect(problem).toMatchObject({
      type: 'urn:spanwatch:bad-limit',
      detail: 'limit must be 1 to 500.',
      instance: '/v1/x',
    });
  });

  it('keep our own faults to the log', () => {
    const problem = describeProblem(new Broken('x', 'password table missing'), '/v1/x');
    expect(JSON.stringify(problem)).not.toContain('password');
  });
});
