/** Expectations that were not met, each with both diagrams. Its text is for the eyes of who runs the test. */
export class MarblesDifferError extends Error {
  static {
    this.prototype.name = 'MarblesDifferError';
  }

  constructor(reports: readonly string[]) {
    super(reports.join('\n\n'));
  }
}
