/** A file that is written piece by piece, and on disk whole when it is closed. */
import { open, type FileHandle } from 'node:fs/promises';

/** Small pieces are gathered: one write a picture would be most of the time. */
const GATHERED_CHARACTERS = 1 << 16;

export class GrowingFile {
  private handle: FileHandle | null = null;
  private gathered = '';

  constructor(private readonly path: string) {}

  async open(): Promise<void> {
    this.handle = await open(this.path, 'wx');
  }

  async write(text: string): Promise<void> {
    this.gathered += text;
    if (this.gathered.length >= GATHERED_CHARACTERS) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.abandon();
  }

  async abandon(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  private async flush(): Promise<void> {
    const text = this.gathered;
    this.gathered = '';
    await this.handle!.writeFile(text);
  }
}
