/** Takes in boxes that people drew with other tools; may be broken off and repeated, nothing is said twice. */
import path from 'node:path';
import type { AnnotationForm } from '../../core/annotation/annotation.ts';
import { categoryProblem } from '../../core/annotation/category-name.ts';
import { planImport, type StandingBox } from '../../core/annotation/plan-import.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import type { ProblemListener } from '../../platform/annotations/annotated-set.ts';
import { readAnnotations, type ReadBox, type ReadSet } from '../../platform/annotations/read-annotations.ts';
import type { AnnotationRepository, AnnotationRow } from '../../platform/storage/annotation-repository.ts';
import type { FindingRepository } from '../../platform/storage/finding-repository.ts';
import type { AnnotationCategoryRepository } from '../../platform/storage/annotation-category-repository.ts';
import type {
  NamedPictureRepository,
  KnownPicture,
} from '../../platform/storage/named-picture-repository.ts';
import type { Database } from '../../platform/storage/database.ts';
import { FindPicture, type TakeIn } from './find-picture.ts';

export interface AnnotatedFolder {
  readonly form: AnnotationForm;
  readonly folder: string;
  /** COCO's JSON, where it is not where COCO has it. */
  readonly cocoFile?: string | undefined;
  /** Whose word boxes are that do not say who drew them. */
  readonly reviewer: string;
}

export interface AnnotationReport {
  readonly pictures: number;
  /** Of them, those that were not known before. */
  readonly takenIn: number;
  readonly added: number;
  /** The detector's box is right; is right but lies elsewhere; lies right but shows something else. */
  readonly confirmed: number;
  readonly corrected: number;
  readonly reclassed: number;
  /** Boxes that say what is known. */
  readonly known: number;
  /** Boxes of a detector that nobody had judged: no person's word, and passed over. */
  readonly proposals: number;
  /** What could not be taken, each with its file in the set and the place in it. */
  readonly problems: readonly string[];
}

type Counts = { -readonly [Key in keyof AnnotationReport]: Key extends 'problems' ? string[] : number };

export class ImportAnnotations {
  private readonly finder: FindPicture;

  /** @param takeIn how pictures of the set that are not known are taken in; null where they come by another way */
  constructor(
    private readonly database: Database,
    pictures: NamedPictureRepository,
    private readonly annotations: AnnotationRepository,
    private readonly findings: FindingRepository,
    private readonly categories: AnnotationCategoryRepository,
    takeIn: TakeIn | null,
  ) {
    this.finder = new FindPicture(pictures, takeIn);
  }

  /** @throws BadInput when there is no set in this form; Unavailable when the rest must wait: run again then */
  async run(set: AnnotatedFolder, onProgress: ProgressListener = ignoreProgress): Promise<AnnotationReport> {
    const counts: Counts = {
      pictures: 0,
      takenIn: 0,
      added: 0,
      confirmed: 0,
      corrected: 0,
      reclassed: 0,
      known: 0,
      proposals: 0,
      problems: [],
    };
    const inside = `${set.folder}${path.sep}`;
    const onProblem = ({ message }: BadInput) => void counts.problems.push(message.replaceAll(inside, ''));
    const read = await readAnnotations(set.form, set.folder, onProblem, set.cocoFile);
    const used = new Set<string>();
    for (const [index, picture] of read.pictures.entries()) {
      try {
        const found = await this.finder.find(picture);
        if (found.isTakenIn) counts.takenIn++;
        const boxes = picture.boxes(found).filter((box) => isNamed(box, onProblem));
        await this.say(found, boxes, set, counts, onProblem);
        counts.pictures++;
        for (const { category } of boxes) used.add(category);
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        onProblem(error);
      }
      const [done, total] = [index + 1, read.pictures.length];
      onProgress({ stage: 'taking annotations in', done, total, note: picture.name });
    }
    await this.categories.number(kindsOf(read, used));
    return counts;
  }

  /** All boxes of a picture, or none. */
  private async say(
    picture: KnownPicture,
    boxes: readonly ReadBox[],
    { form, reviewer }: AnnotatedFolder,
    counts: Counts,
    onProblem: ProblemListener,
  ): Promise<void> {
    const { imageId, lineId, towerId, flightId } = picture;
    const plan = await this.database.transaction(async (client) => {
      // Nobody else judges boxes of this look meanwhile.
      if (lineId && towerId && flightId) await this.findings.lockLook(client, { lineId, towerId, flightId });
      const standing = (await this.annotations.ofImages([imageId], client)).map(toStanding);
      const made = planImport(standing, boxes);
      for (const { incoming, standing: about, decision } of made.words) {
        // A box in its place is kept to the digit: the set may have rounded it.
        const { xPx, yPx, widthPx, heightPx } = decision === 'confirmed' && about ? about.box : incoming.box;
        await this.annotations.say(client, {
          imageId,
          annotationId: about?.annotationId ?? null,
          decision,
          category: incoming.category,
          bbox: [xPx, yPx, widthPx, heightPx],
          reviewer: incoming.authorship?.reviewedBy || reviewer,
          reason: `imported from ${form}`,
          reviewedAt: incoming.authorship?.reviewedAt ?? null,
        });
      }
      return made;
    });
    for (const { decision } of plan.words) counts[decision]++;
    counts.known += plan.known;
    counts.proposals += plan.proposals;
    for (const { at, category } of plan.contradicting) {
      const said = `${at}: a person has rejected this box of ${category}; that word stands.`;
      onProblem(new BadInput('box-rejected', said));
    }
  }
}

function toStanding(row: AnnotationRow): StandingBox {
  return {
    annotationId: row.annotation_id,
    category: row.category,
    box: { xPx: row.x_px, yPx: row.y_px, widthPx: row.width_px, heightPx: row.height_px },
    state: row.state,
    reviewedAt: row.reviewed_at,
  };
}

function isNamed({ category, at }: ReadBox, onProblem: ProblemListener): boolean {
  const problem = categoryProblem(category);
  if (problem)
    onProblem(new BadInput('category-name', `${at}: the class ${JSON.stringify(category)} ${problem}.`));
  return problem === null;
}

/** What the set says its classes are, of those that have boxes. */
function kindsOf(
  { declared }: ReadSet,
  used: ReadonlySet<string>,
): { name: string; kind: 'object' | 'defect' | null }[] {
  const said = new Map(declared.map(({ name, supercategory }) => [name, supercategory]));
  return [...used].map((name) => {
    const kind = said.get(name);
    return { name, kind: kind === 'object' || kind === 'defect' ? kind : null };
  });
}
