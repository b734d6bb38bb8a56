/** Which photograph a picture of an annotated set is: by its bytes, by what we wrote into the set, or by its name. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashInName } from '../../core/annotation/export-name.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { fileLabel } from '../../core/domain/file-label.ts';
import type { ReadPicture } from '../../platform/annotations/read-annotations.ts';
import { hashFile } from '../../platform/blobs/blob-store.ts';
import type {
  NamedPictureRepository,
  KnownPicture,
} from '../../platform/storage/named-picture-repository.ts';

/** Takes in a photograph that stays where it is; answers once it is known by its hash. */
export type TakeIn = (file: string, fileName: string) => Promise<void>;

export interface FoundPicture extends KnownPicture {
  readonly isTakenIn: boolean;
}

export class FindPicture {
  /** @param takeIn null where pictures come by another way */
  constructor(
    private readonly pictures: NamedPictureRepository,
    private readonly takeIn: TakeIn | null,
  ) {}

  /** @throws BadInput that says which picture it is not, and why */
  async find(picture: ReadPicture): Promise<FoundPicture> {
    const found = (await this.known(picture)) ?? (await this.takenIn(picture)) ?? (await this.named(picture));
    const { size, labels, name } = picture;
    if (size && (size.widthPx !== found.widthPx || size.heightPx !== found.heightPx)) {
      const [there, here] = [size, found].map(({ widthPx, heightPx }) => `${widthPx} x ${heightPx}`);
      throw new BadInput(
        'picture-size',
        `${labels}: ${name} is ${there} pixels there and ${here} here, upright: it was scaled or turned, or is another picture.`,
      );
    }
    return found;
  }

  private async known({ original, name }: ReadPicture): Promise<FoundPicture | null> {
    const hash = original?.sha256 ?? hashInName(name);
    const [first, second] = hash ? await this.pictures.byHash(hash) : [];
    return first && !second ? { ...first, isTakenIn: false } : null;
  }

  private async takenIn({ file, original, name }: ReadPicture): Promise<FoundPicture | null> {
    if (!this.takeIn || !existsSync(file)) return null;
    const sha256 = await hashFile(file);
    const [known] = await this.pictures.byHash(sha256);
    if (known) return { ...known, isTakenIn: false };
    try {
      await this.takeIn(file, original?.fileName ?? path.basename(name));
    } catch (cause) {
      if (!(cause instanceof BadInput)) throw cause;
      throw new BadInput('picture-refused', `${file}: ${cause.message}`, {}, { cause });
    }
    const [taken] = await this.pictures.byHash(sha256);
    return taken ? { ...taken, isTakenIn: true } : null;
  }

  private async named({ labels, name }: ReadPicture): Promise<FoundPicture> {
    const [first, second] = await this.pictures.byName(fileLabel(name));
    if (first && !second) return { ...first, isTakenIn: false };
    const why = first
      ? 'several photographs have this name: put the picture itself into the set'
      : 'there is no such photograph: take it in first, or put it into the set';
    throw new BadInput('picture-unknown', `${labels}: ${name} is not known; ${why}.`);
  }
}
