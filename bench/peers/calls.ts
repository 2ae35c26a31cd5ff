/** A message as far as the ladder looks at it. */
export interface Received {
  readonly Body?: string | undefined;
  readonly ReceiptHandle?: string | undefined;
}

/** The two calls of a consumer, by one way to make them. */
export interface Calls {
  receive(): Promise<readonly Received[]>;
  remove(entries: readonly { readonly Id: string; readonly ReceiptHandle: string | undefined }[]): Promise<unknown>;
}
