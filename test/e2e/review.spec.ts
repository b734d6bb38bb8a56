/** People decide on findings over HTTP: nobody overwrites anybody, and what they say holds against the detector. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isDrawnForSecondLook } from '../../src/core/domain/review.ts';
import type { FindingDetail } from '../../src/features/review/describe-finding.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { box, KIND, ReviewedLook } from '../support/reviewed-look.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';
import { waitFor } from '../support/wait-for.ts';

interface Answer<Body> {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Body;
}

describe('a finding that people review', () => {
  const { database, url } = withTestDatabase();
  let spanwatch: TestSpanwatch;
  let look: ReviewedLook;

  beforeAll(async () => {
    spanwatch = await startTestSpanwatch(url());
    look = new ReviewedLook(database(), spanwatch.app.get(Jobs));
  });
  afterAll(async () => spanwatch.remove());
  beforeEach(async () => look.clear());

  const ask = async <Body = FindingDetail>(
    path: string,
    body?: object,
    headers = {},
  ): Promise<Answer<Body>> => {
    const init = body && {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${spanwatch.url}/v1${path}`, init);
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: (await response.json()) as Body,
    };
  };
  /** Not one of those drawn for a second look, which their random ids decide. */
  const oneDefect = async (): Promise<{ imageId: string; findingId: string }> => {
    const imageId = await look.addImage();
    const [row] = await look.analyse(imageId, [box('joint', 100), box(KIND, 110)]);
    const findingId = row!.finding_id;
    if (!isDrawnForSecondLook(findingId)) return { imageId, findingId };
    await look.clear();
    return oneDefect();
  };
  const decide = (findingId: string, reviewer: string, revision: number, more: object = {}) =>
    ask(`/findings/${findingId}/reviews`, { decision: 'confirmed', reviewer, revision, ...more });
  const labels = async () =>
    (
      await database().query<{
        state: string;
        author: string;
        probability: number;
        supersedes: string | null;
      }>('SELECT state, author, source, probability, supersedes FROM label ORDER BY created_at')
    ).rows;

  it('is changed by one of two who decide at once; the other is shown what holds now', async () => {
    const { findingId } = await oneDefect();
    const answers = await Promise.all([
      decide(findingId, 'anna', 1),
      decide(findingId, 'ben', 1, { decision: 'rejected', reason: 'a shadow' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [won, lost] = answers[0].status === 201 ? answers : [answers[1], answers[0]];
    const winner = won.body.reviewedBy;
    expect(lost.body).toMatchObject({
      type: 'urn:spanwatch:finding-changed',
      current: { revision: 2, reviewedBy: winner },
    });
    const { body } = await ask(`/findings/${findingId}`);
    expect(body.reviews).toHaveLength(1);
    expect(body).toMatchObject({ revision: 2, reviewedBy: winner });
  });

  it('takes its revision from If-Match as well, and must be told one', async () => {
    const { findingId } = await oneDefect();
    const { etag } = await ask(`/findings/${findingId}`);
    expect(etag).toBe('"1"');
    const path = `/findings/${findingId}/reviews`;
    const body = { decision: 'confirmed', reviewer: 'anna' };
    expect(await ask(path, body, { 'If-Match': '"7"' })).toMatchObject({
      status: 412,
      body: { current: { revision: 1 } },
    });
    expect(await ask(path, body)).toMatchObject({ status: 400, body: { type: 'urn:spanwatch:no-revision' } });
    expect(await ask(path, body, { 'If-Match': etag! })).toMatchObject({ status: 201, etag: '"2"' });
  });

  it('makes the label a person’s, which supersedes the one by rules and keeps it', async () => {
    const { findingId } = await oneDefect();
    await waitFor(async () => (await labels()).length === 1);
    await decide(findingId, 'anna', 1, { decision: 'rejected', reason: 'a reflection' });
    await waitFor(async () => (await labels()).length === 2);
    const [byRules, byAnna] = await labels();
    expect(byRules).toMatchObject({ state: 'defect', author: 'label rules', supersedes: null });
    expect(byAnna).toMatchObject({ state: 'clean', author: 'anna', source: 'person', probability: 0 });
    expect(byAnna!.supersedes).not.toBeNull();
  });

  it('stays as decided when the detector looks again, and only gains evidence', async () => {
    const { imageId, findingId } = await oneDefect();
    await decide(findingId, 'anna', 1, { decision: 'rejected' });
    const more = await look.addImage();
    await look.analyse(imageId, [box('joint', 100), box(KIND, 112, 0.99)], 'v2');
    const [row, ...others] = await look.analyse(more, [box('joint', 100), box(KIND, 110, 0.97)], 'v2');
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      finding_id: findingId,
      review_state: 'rejected',
      probability: 0.9,
      severity: null,
    });
    const { body } = await ask(`/findings/${findingId}`);
    expect(body.boxes.map((each) => [each.imageId, each.state])).toEqual(
      expect.arrayContaining([
        [imageId, 'rejected'],
        [more, 'proposed'],
      ]),
    );
    expect(body.boxes).toHaveLength(2);
  });

  it('teaches the detector its boxes: corrected, reclassed and added', async () => {
    const { imageId, findingId } = await oneDefect();
    const { body } = await ask(`/findings/${findingId}`);
    const [drawn] = body.boxes;
    const boxes = [
      { annotationId: drawn!.annotationId, imageId, bbox: [90, 490, 130, 100] },
      { imageId, bbox: [2000, 1000, 50, 50] },
    ];
    expect(await decide(findingId, 'anna', 1, { decision: 'corrected-box', boxes })).toMatchObject({
      status: 201,
    });
    const standing = await ask<{ annotations: Record<string, unknown>[] }>(`/images/${imageId}/annotations`);
    expect(standing.body.annotations).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          bbox: [90, 490, 130, 100],
          state: 'confirmed',
          score: null,
          reviewedBy: 'anna',
        }),
        expect.objectContaining({ bbox: [2000, 1000, 50, 50], category: KIND, detectionId: null }),
        expect.objectContaining({ category: 'joint', state: 'proposed', score: 0.9 }),
      ]),
    );
    await decide(findingId, 'anna', 2, { decision: 'reclassed', kind: 'bird_nest' });
    const after = await ask<{ annotations: Record<string, unknown>[] }>(`/images/${imageId}/annotations`);
    expect(after.body.annotations.filter(({ category }) => category === 'bird_nest')).toHaveLength(2);
    expect((await ask(`/findings/${findingId}`)).body).toMatchObject({
      kind: 'bird_nest',
      reviewState: 'reclassed',
    });
  });

  it('is shown blind to whom is asked for a second opinion, and goes to a third where two disagree', async () => {
    const { findingId } = await oneDefect();
    await decide(findingId, 'anna', 1, { decision: 'reclassed', kind: 'bird_nest' });
    const queueOf = async (reviewer: string) =>
      (
        await ask<{ items: { findingId: string; awaits: string; kind: string }[] }>(
          `/review-queue?reviewer=${reviewer}`,
        )
      ).body.items;
    expect(await queueOf('ben')).toEqual([]);
    await ask(`/findings/${findingId}/second-opinion`, { reviewer: 'anna', revision: 2 });
    expect(await queueOf('Anna ')).toEqual([]);
    expect(await queueOf('ben')).toMatchObject([{ findingId, awaits: 'second', kind: KIND }]);
    const blind = (await ask(`/findings/${findingId}?reviewer=ben`)).body;
    expect(blind).toMatchObject({
      isBlind: true,
      kind: KIND,
      reviewState: 'unreviewed',
      reviews: [],
      reviewedBy: null,
    });
    expect(blind.boxes).toMatchObject([{ category: KIND, state: 'proposed' }]);
    await decide(findingId, 'ben', 3);
    expect((await ask(`/findings/${findingId}`)).body).toMatchObject({
      kind: 'bird_nest',
      opinions: { given: 2, wanted: 3 },
    });
    expect(await queueOf('cleo')).toMatchObject([{ awaits: 'third' }]);
    await decide(findingId, 'cleo', 4);
    const settled = (await ask(`/findings/${findingId}`)).body;
    expect(settled).toMatchObject({
      kind: KIND,
      reviewState: 'confirmed',
      reviewedBy: 'cleo',
      opinions: { given: 3 },
    });
    expect(settled.boxes).toMatchObject([{ category: KIND, state: 'confirmed' }]);
    expect(await queueOf('dora')).toEqual([]);
    const agreement = (await ask<Record<string, unknown>>('/review-agreement')).body;
    expect(agreement).toMatchObject({
      pairs: 1,
      agreed: 0,
      verdicts: ['bird_nest', KIND],
      table: [
        [0, 1],
        [0, 0],
      ],
      kappa: { kappa: 0 },
    });
  });

  it('can be a defect that the detector missed, which stays when it looks again', async () => {
    const imageId = await look.addImage();
    await look.analyse(imageId, [box('joint', 100)]);
    const missed = { kind: KIND, boxes: [{ imageId, bbox: [105, 500, 90, 80] }], reviewer: 'anna' };
    const added = await ask('/findings', missed);
    expect(added).toMatchObject({
      status: 201,
      body: { outcome: 'defect', reviewState: 'confirmed', severity: 4, modelVersion: null },
    });
    expect(await ask('/findings', missed)).toMatchObject({
      status: 409,
      body: { current: { findingId: added.body.findingId } },
    });
    const rows = await look.analyse(imageId, [box('joint', 100), box(KIND, 108)], 'v2');
    expect(rows).toMatchObject([{ finding_id: added.body.findingId, review_state: 'confirmed' }]);
    expect(await look.analyse(imageId, [box('joint', 100)], 'v3')).toHaveLength(1);
    await waitFor(async () =>
      (await labels()).some((label) => label.author === 'anna' && label.state === 'defect'),
    );
  });

  it.each([
    [{ decision: 'maybe' }, 'Invalid option'],
    [{ reviewer: ' ' }, 'reviewer'],
    [{ decision: 'reclassed' }, 'what it is instead'],
    [{ decision: 'reclassed', kind: 'Bird Nest' }, 'small letters'],
    [{ decision: 'corrected-box' }, 'needs "boxes"'],
    [
      {
        decision: 'corrected-box',
        boxes: [{ annotationId: 'd0', imageId: crypto.randomUUID(), bbox: [0, 0, 9, 9] }],
      },
      'd0',
    ],
  ])('refuses %j with one clear error, and nothing is changed', async (more, told) => {
    const { findingId } = await oneDefect();
    const { status, body } = await decide(findingId, 'anna', 1, more);
    expect(status).toBe(400);
    expect((body as unknown as { detail: string }).detail).toContain(told);
    expect((await ask(`/findings/${findingId}`)).body).toMatchObject({ revision: 1, reviews: [] });
  });

  it('refuses boxes outside of their picture, and answers 404 for what there is not', async () => {
    const { imageId, findingId } = await oneDefect();
    const boxes = [{ imageId, bbox: [3990, 0, 50, 50] }];
    const outside = await decide(findingId, 'anna', 1, { decision: 'corrected-box', boxes });
    expect(outside).toMatchObject({ status: 400, body: { type: 'urn:spanwatch:box-outside' } });
    expect((await ask('/findings/nonsense')).status).toBe(404);
    expect((await decide(crypto.randomUUID(), 'anna', 1)).status).toBe(404);
    expect((await ask(`/images/${crypto.randomUUID()}/annotations`)).status).toBe(404);
  });

  it('has a page of its own, from here alone', async () => {
    for (const path of ['/review', `/review/${crypto.randomUUID()}`]) {
      const response = await fetch(`${spanwatch.url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const html = await response.text();
      for (const [, file] of html.matchAll(/(?:src|href)="(\/review\/files\/[^"]+)"/g)) {
        expect((await fetch(`${spanwatch.url}${file}`)).status).toBe(200);
      }
    }
    expect((await fetch(`${spanwatch.url}/review/files/..%2Freview.module.ts`)).status).toBe(404);
  });
});
