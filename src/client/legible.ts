/** What is known of an answer though it can't be read, as the SDK's errors have it. */
export interface Metadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

/** What is read of an answer. One that can't be read is a bad one: what it fails with could quote it. */
export function legible<T>(read: () => T, $metadata: Metadata = {}): T {
  try {
    return read();
  } catch {
    throw Object.assign(new Error('an answer that can not be read'), { name: 'BadResponse', $metadata });
  }
}
