/** A file on its way. */
export interface Watched {
  /** Its bytes. */
  readonly bytes: ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Why it could not be read to its end. What was sent of it is then nothing whole, and this is worth more than that the
   * request broke off.
   */
  readonly failure: { readonly error: unknown } | undefined;
}

/** A stream of which is known whether it failed by itself. */
export const watched = (stream: ReadableStream<Uint8Array>): Watched => {
  const reader = stream.getReader();
  let failure: { readonly error: unknown } | undefined;
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (body) => {
      try {
        const next = await reader.read();
        if (next.done) body.close();
        else body.enqueue(next.value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        failure = { error };
        body.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return {
    bytes,
    get failure() {
      return failure;
    },
  };
};
