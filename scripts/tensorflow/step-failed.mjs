// A step that cannot go on: one sentence on what is wrong, one on what to do.

export class StepFailed extends Error {
  /**
   * @param {string} problem
   * @param {string} remedy
   * @param {string} [detail] the end of the failing program's own output
   */
  constructor(problem, remedy, detail = '') {
    super(`${problem} ${remedy}`);
    this.detail = detail;
  }
}
