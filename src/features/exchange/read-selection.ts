/** What a request asks to be exported. */
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { readChoice } from '../../core/domain/page.ts';

/** @throws BadInput that says what is allowed */
export function readForm<Form extends string>(text: string | undefined, forms: readonly Form[]): Form {
  const form = readChoice('form', text, forms);
  if (form === null) throw new BadInput('bad-filter', `form must be given: ${forms.join(' or ')}.`);
  return form;
}

export function readInstant(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return new Date(text);
  throw new BadInput(
    'bad-filter',
    `${name} must be a time with its zone, such as 2026-05-01T00:00:00Z, not ${text}.`,
  );
}
