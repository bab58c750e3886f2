import { get as getHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getHttps } from 'node:https';
import { Readable } from 'node:stream';
import { BridgeError } from '@pocketping/core';
import type { Settings } from './settings.js';

/** Where `getFile` says that a file is. @see https://core.telegram.org/bots/api#getfile */
const downloadUrl = ({ apiRoot = DEFAULT_ROOT, botToken, client }: Settings, path: string): string => {
  const environment = client?.environment === 'test' ? 'test/' : '';
  const parts = path.split('/').map(encodeURIComponent).join('/');
  return `${apiRoot}/file/bot${botToken}/${environment}${parts}`;
};

const DEFAULT_ROOT = 'https://api.telegram.org';

/**
 * Begins to fetch a file the way in which requests are made.
 * @throws BridgeError for an answer that is no file, and what the network throws
 */
export const download = async (
  settings: Settings,
  path: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> => {
  const url = downloadUrl(settings, path);
  const response = await requested(settings.client, url, signal);
  const { status, body } = response;
  if (status === 200 && body) return body;
  await body?.cancel().catch(() => {});
  throw refusal(status, Number(response.headers.get('retry-after')));
};

const requested = async (client: Settings['client'], url: string, signal: AbortSignal): Promise<Response> => {
  // The library's own type of a `fetch`; any does what is needed.
  if (client?.fetch) return streamed(await (client.fetch as unknown as typeof fetch)(url, { signal }));
  const agent = client?.baseFetchConfig?.agent as Agent | ((url: URL) => Agent) | undefined;
  if (agent === undefined) return fetch(url, { signal });
  return requestedOver(typeof agent === 'function' ? agent(new URL(url)) : agent, url, signal);
};

type Agent = RequestOptions['agent'];

/** An agent, as for a proxy, is nothing that the runtime's `fetch` takes. */
const requestedOver = (agent: Agent, url: string, signal: AbortSignal): Promise<Response> =>
  new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp;
    const answered = (message: IncomingMessage) => {
      const { statusCode: status = 0, headers } = message;
      const retryAfter = headers['retry-after'];
      resolve(
        new Response(Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>, {
          status,
          headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
        }),
      );
    };
    get(url, { agent, signal }, answered).on('error', reject);
  });

/** Where a client's `fetch` is of the library's kind, bodies are streams of Node's. */
const streamed = (response: Response): Response => {
  const body: unknown = response.body;
  if (!body || body instanceof ReadableStream) return response;
  const { status, headers } = response;
  const bytes = ReadableStream.from(body as AsyncIterable<Uint8Array>);
  return { status, headers, body: bytes } as Response;
};

const refusal = (status: number, retryAfter: number): BridgeError => {
  const said = `Telegram answered the download of a file with ${status}.`;
  if (status === 429) {
    return new BridgeError('rate_limited', said, {
      retryAfterMs: Math.max(retryAfter, 1) * 1000,
      scope: 'bot',
    });
  }
  if (status === 401) return new BridgeError('unauthorized', said);
  return new BridgeError(status === 404 ? 'message_gone' : 'unavailable', said);
};
