/** `spanwatch review decide`: a person's decision on a finding that was looked at. */
import { Argument, Command } from 'commander';
import pino from 'pino';
import { buildReview } from '../features/review/build-review.ts';
import { decisionBody, readBody } from '../features/review/read-decision.ts';
import { JOB_KINDS } from '../platform/jobs/job-kinds.ts';
import { Jobs } from '../platform/jobs/jobs.ts';
import { Metrics } from '../platform/ops/metrics.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { wholeNumber } from './read-option.ts';

interface DecideOptions {
  readonly as: string;
  readonly revision: number;
  readonly reason?: string;
  readonly kind?: string;
  readonly json: boolean;
}

export function reviewDecideCommand(): Command {
  return new Command('decide')
    .description('confirm, reject or reclass a finding; boxes are redrawn on the page /review')
    .argument('<finding>', 'id of the finding')
    .addArgument(new Argument('<decision>').choices(['confirmed', 'rejected', 'reclassed']))
    .requiredOption('--as <name>', 'who decides')
    .requiredOption(
      '--revision <n>',
      'of the finding that was looked at: `review list` shows it',
      wholeNumber('--revision', 1),
    )
    .option('--reason <text>', 'why')
    .option('--kind <kind>', 'for reclassed: what it is instead')
    .option('--json', 'print the finding as it is then', false)
    .action(decide);
}

async function decide(findingId: string, decision: string, options: DecideOptions): Promise<void> {
  const { as: reviewer, revision, reason, kind, json } = options;
  const body = readBody(decisionBody, { decision, reviewer, revision, reason, kind });
  const finding = await lendDatabase(readSettings(), async (database) => {
    const jobs = new Jobs(database, pino({ level: 'silent' }), new Metrics());
    await jobs.start(JOB_KINDS, false);
    try {
      const review = buildReview(database, jobs);
      await review.show.show(findingId);
      await review.decide.decide(findingId, { revision, isPrecondition: false }, body);
      return await review.show.show(findingId);
    } finally {
      await jobs.stop();
    }
  });
  const sentence = `${finding.kind} on ${finding.lineId}/${finding.towerId} is ${finding.reviewState} by ${finding.reviewedBy}.`;
  process.stdout.write(`${json ? JSON.stringify(finding) : sentence}\n`);
}
