/** One thing that is wrong with a request. */
export interface Fault {
  /** Path of the field, such as `usage.input_tokens`; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

export interface ProblemOptions {
  /** What to do about it, for this request. Never holds a key, a token or content of a model. */
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is no success, RFC 9457. A route throws it; the frame sends it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly options: ProblemOptions;

  constructor(status: number, title: string, options: ProblemOptions = {}) {
    super(title);
    this.status = status;
    this.title = title;
    this.options = options;
  }
}
