import { BODY_LIMIT, paramsFrom } from './body.js';
import { type Clock, pause } from './clock.js';
import { ApiError, notFound } from './errors.js';
import { type Reply, refusal } from './reply.js';
import { type ApiDependencies, type ApiRequest, addressed, answer } from './server.js';

/** What a client library passes along with the address; signals of other libraries than the system's are fine. */
export interface InProcessInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: unknown;
  readonly signal?: Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'> | null;
}

/**
 * Answers a request without any socket, as `fetch` would.
 * @throws TypeError when the connection is cut, DOMException `AbortError` when the caller aborts
 */
export const fetchInProcess = (
  api: ApiDependencies,
  url: string | URL,
  init: InProcessInit = {},
): Promise<Response> => carried((signal) => answered(api, new URL(url), init, signal), api, init.signal);

/**
 * What answers a request, as `fetch` would give it.
 * @throws TypeError when the connection is cut, DOMException `AbortError` when the caller aborts
 */
export async function carried(
  answering: (signal: AbortSignal) => Promise<Reply> | Reply,
  { clock, closing }: Pick<ApiDependencies, 'clock' | 'closing'>,
  signal: InProcessInit['signal'],
): Promise<Response> {
  const hangUp = new AbortController();
  const abort = () => hangUp.abort();
  const release = () => {
    signal?.removeEventListener('abort', abort);
    closing.removeEventListener('abort', abort);
  };
  if (signal?.aborted) throw aborted();
  signal?.addEventListener('abort', abort);
  closing.addEventListener('abort', abort);
  try {
    const reply = await Promise.race([answering(hangUp.signal), refused(hangUp.signal)]);
    if (reply.end === 'cut') throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
    const { status, type, body, rest, headers = {} } = reply;
    const content = rest ? dripping(body, rest, clock, hangUp.signal, release) : body;
    if (!rest) release();
    return new Response(content, { status, headers: { 'content-type': type, ...headers } });
  } catch (error) {
    release();
    throw error;
  }
}

function answered(
  api: ApiDependencies,
  url: URL,
  { headers, body }: InProcessInit,
  signal: AbortSignal,
): Promise<Reply> | Reply {
  const address = addressed(url);
  if (!address) return refusal(notFound());
  const params: ApiRequest['params'] = async () => {
    const { bytes, type } = await readInit(body, headers);
    if (bytes.length > BODY_LIMIT) throw new ApiError(413, 'Request Entity Too Large');
    return paramsFrom(url.searchParams, bytes, type);
  };
  return answer(api, { ...address, params, signal });
}

/** A body and its type, whatever form the client gave it. */
export async function readInit(
  body: unknown,
  headers: InProcessInit['headers'],
): Promise<{ bytes: Buffer; type: string }> {
  const type = new Headers(headers).get('content-type') ?? '';
  if (body === undefined || body === null) return { bytes: Buffer.alloc(0), type };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type };
  const carrier = new Response(body as ConstructorParameters<typeof Response>[0]);
  const bytes = Buffer.from(await carrier.arrayBuffer());
  return { bytes, type: type || (carrier.headers.get('content-type') ?? '') };
}

/** A body whose second half comes late, or never. */
function dripping(
  body: string | Uint8Array<ArrayBuffer>,
  rest: { readonly afterMs: number; readonly comes: boolean },
  clock: Clock,
  signal: AbortSignal,
  done: () => void,
): ReadableStream<Uint8Array> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const half = Math.floor(bytes.length / 2);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, half));
      await pause(clock, rest.afterMs, signal);
      done();
      if (signal.aborted) return controller.error(aborted());
      if (!rest.comes) return controller.error(new TypeError('terminated'));
      controller.enqueue(bytes.subarray(half));
      controller.close();
    },
  });
}

const refused = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(aborted())));

const aborted = () => new DOMException('This operation was aborted', 'AbortError');
