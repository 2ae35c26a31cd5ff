/** What is read of an answer. One that can't be read is a bad one: what it fails with could quote it. */
export function legible<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw Object.assign(new Error('an answer that can not be read'), { name: 'BadResponse' });
  }
}
