/** Waits for an answer that may never come. */

/** Null where the answer is late or an error: either way the value is absent. A late answer is dropped. */
export function timely<Value>(answer: Promise<Value>, timeoutMs: number): Promise<Value | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeoutMs);
    void answer
      .catch(() => null)
      .then((value) => {
        clearTimeout(timer);
        resolve(value);
      });
  });
}
