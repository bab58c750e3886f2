import { MemoryFileStore, MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger, virtualClock } from '@pocketping/testing';
import { onTestFinished } from 'vitest';
import { type NextEngine, type NextHandler, type NextHandlerOptions, nextHandler } from '../src/index.js';

export const SECRET = 'sixteen characters, or more';

export const open = (options: NextHandlerOptions = {}, wrap: (pp: PocketPing) => NextEngine = (pp) => pp) => {
  const clock = virtualClock();
  const logger = recordingLogger();
  const pp = new PocketPing({
    clock,
    logger,
    storage: new MemoryStorage({ clock }),
    files: new MemoryFileStore(),
  });
  onTestFinished(() => pp.stop());
  const afterwards: (() => Promise<void>)[] = [];
  const after = (work: () => Promise<void>) => void afterwards.push(work);
  const handler = nextHandler(wrap(pp), { after, ...options });
  return { pp, clock, logger, afterwards, handler, call: caller(handler) };
};

/** Calls a handler as Next does, for a file at `app/api/chat/[...path]/route.ts`. */
export const caller =
  (handler: NextHandler) =>
  (method: string, path: string, { body, token, headers = {}, signal }: Asked = {}): Promise<Response> => {
    const request = new Request(`https://shop.example/api/chat${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const segments = (path.split('?')[0] as string).split('/').filter((segment) => segment !== '');
    return handler(request, { params: Promise.resolve({ path: segments.map(decodeURIComponent) }) });
  };

interface Asked {
  readonly body?: object | string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export const connected = async (call: ReturnType<typeof caller>) => {
  const response = await call('POST', '/connect', { body: { visitorId: 'v' } });
  return (await response.json()) as { sessionId: string; token: string; seq: number };
};

/** An engine in which a test has put its hand. */
export const standIn = (pp: PocketPing, changes: Partial<NextEngine>): NextEngine =>
  new Proxy(pp, { get: (real, name) => changes[name as keyof NextEngine] ?? Reflect.get(real, name, real) });
