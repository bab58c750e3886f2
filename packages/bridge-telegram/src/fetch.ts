import type { ApiClientOptions } from 'grammy';

/**
 * The runtime's `fetch` in the place of the one that the library brings along, which does not notice that an answer breaks
 * off in the middle, and waits for the rest of it until the deadline.
 * @see https://github.com/node-fetch/node-fetch/issues/1604
 */
export const runtimeFetch = (async (url: string, init: RequestInit = {}): Promise<Response> => {
  const { signal } = init;
  // The library's signals are of a class of its own, which the runtime's `fetch` does not take.
  const over = new AbortController();
  const abort = () => over.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    const response = await fetch(url, { ...init, signal: over.signal });
    const body = await response.arrayBuffer();
    return new Response(body, { status: response.status, headers: response.headers });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}) as unknown as NonNullable<ApiClientOptions['fetch']>;
