/** Lets so many pictures be decoded at once that the memory they take together stays under a limit. */

interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

export class PixelGate {
  private readonly waiting: Waiting[] = [];
  private weightInside = 0;
  private inside = 0;

  /**
   * @param mostMegapixels of all pictures inside; a larger one passes alone
   * @param mostAtOnce pictures inside: more than there are processors are no faster
   */
  constructor(
    private readonly mostMegapixels: number,
    private readonly mostAtOnce: number,
  ) {}

  /** One after the other in the order of coming, so that a large picture is not passed over for ever. */
  async pass<Result>(megapixels: number, work: () => Promise<Result>): Promise<Result> {
    const weight = Math.min(megapixels, this.mostMegapixels);
    await new Promise<void>((enter) => {
      this.waiting.push({ weight, enter });
      this.admit();
    });
    try {
      return await work();
    } finally {
      this.inside--;
      this.weightInside -= weight;
      this.admit();
    }
  }

  private admit(): void {
    for (;;) {
      const next = this.waiting[0];
      if (!next || this.inside >= this.mostAtOnce) return;
      if (this.inside > 0 && this.weightInside + next.weight > this.mostMegapixels) return;
      this.waiting.shift();
      this.inside++;
      this.weightInside += next.weight;
      next.enter();
    }
  }
}
