/** Expectations that were not met, each with both diagrams. Its text is for the eyes of who runs the test. */
export class MarblesDifferError extends Error {
  static {
    this.prototype.name = 'MarblesDifferError';
  }

  /** Runners show the line of the test that is at the top of the stack: where the first of the diagrams is. */
  constructor(failures: readonly { readonly report: string; readonly stack: string }[]) {
    super(failures.map(({ report }) => report).join('\n\n'));
    const stack = failures.find((failure) => failure.stack !== '')?.stack;
    if (stack !== undefined) this.stack = `${this.name}: ${this.message}\n${stack}`;
  }
}
