/** Does work on the database and undoes it, to see what would become of it. */
import type { Database, Queryable, Transaction } from './database.ts';

/** Stands in for the database: its transactions are parts of one that is rolled back. */
export type Rehearsal = Queryable & Pick<Database, 'transaction'>;

export async function rehearse<Result>(
  database: Database,
  work: (rehearsal: Rehearsal) => Promise<Result>,
): Promise<Result> {
  const curtain = new Error('rolled back on purpose');
  let outcome: { readonly result: Result } | undefined;
  try {
    await database.transaction(async (client) => {
      const inTurn = oneAfterAnother();
      outcome = {
        result: await work({
          query: (text, values) => inTurn(() => client.query(text, values)),
          transaction: (part) => inTurn(() => keepOrUndo(client, part)),
        }),
      };
      throw curtain;
    });
  } catch (error) {
    if (error !== curtain || !outcome) throw error;
  }
  return outcome!.result;
}

/** What would run side by side on two connections has only one here. */
function oneAfterAnother(): <Result>(step: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const next = last.then(step, step);
    last = next;
    return next;
  };
}

async function keepOrUndo<Result>(
  client: Transaction,
  part: (client: Transaction) => Promise<Result>,
): Promise<Result> {
  await client.query('SAVEPOINT rehearsal');
  try {
    const result = await part(client);
    await client.query('RELEASE SAVEPOINT rehearsal');
    return result;
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT rehearsal; RELEASE SAVEPOINT rehearsal');
    throw error;
  }
}
