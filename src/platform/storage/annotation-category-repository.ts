/** Numbers of the classes in exported sets: given once and kept. */
import type { AnnotationCategory } from '../../core/annotation/annotation.ts';
import type { Database } from './database.ts';

export class AnnotationCategoryRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<AnnotationCategory[]> {
    const { rows } = await this.database.query<AnnotationCategory>(
      'SELECT category_id AS "categoryId", name, kind FROM annotation_category ORDER BY category_id',
    );
    return rows;
  }

  /** Numbers the categories that have no number yet, and learns what those are of which nobody had said. */
  async number(categories: readonly Pick<AnnotationCategory, 'name' | 'kind'>[]): Promise<void> {
    if (categories.length === 0) return;
    await this.database.transaction(async (client) => {
      // Numbers have no gaps, so they are given by one at a time.
      await client.query('LOCK TABLE annotation_category IN SHARE ROW EXCLUSIVE MODE');
      await client.query(
        `INSERT INTO annotation_category (category_id, name, kind)
         SELECT (SELECT coalesce(max(category_id), 0) FROM annotation_category) + row_number() OVER (ORDER BY name), name, kind
           FROM (SELECT name, max(kind) AS kind FROM unnest($1::text[], $2::text[]) AS given (name, kind) GROUP BY name) AS new
          WHERE NOT EXISTS (SELECT FROM annotation_category known WHERE known.name = new.name)`,
        [categories.map(({ name }) => name), categories.map(({ kind }) => kind)],
      );
      await client.query(
        `UPDATE annotation_category SET kind = given.kind
           FROM unnest($1::text[], $2::text[]) AS given (name, kind)
          WHERE annotation_category.name = given.name AND annotation_category.kind IS NULL AND given.kind IS NOT NULL`,
        [categories.map(({ name }) => name), categories.map(({ kind }) => kind)],
      );
    });
  }
}
