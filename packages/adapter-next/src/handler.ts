import type { Drained } from '@pocketping/core';
import { createExchange, type Engine, failure, type HttpOptions, type WireOutput } from '@pocketping/http';
import { type After, afterOfNext } from './after.js';
import { answerDrain } from './drain.js';
import { Ending } from './ending.js';
import { WebInput } from './input.js';
import { responseOf, StreamedResponse } from './response.js';
import { notCatchAll, requireDynamic, segmentsOf } from './route-file.js';
import { takeOver } from './shared.js';
import { addressNotice, siteWide } from './unknown-addresses.js';

/** What the route needs of the engine; the class `PocketPing` is one. */
export interface NextEngine extends Engine {
  readonly connectedBridges: readonly string[];
  /** What it was given to keep conversations in: an engine that takes the place of another one may have the same. */
  readonly storage?: object | undefined;
  drain(options: { readonly withinMs: number }): Promise<Drained>;
  stop(options?: { readonly keepStorage?: boolean }): Promise<void>;
}

export interface NextHandlerOptions extends Omit<HttpOptions, 'uploadMethod' | 'pendingSockets'> {
  /**
   * Seconds that the platform gives the route: the `maxDuration` that it exports. Shortly before, streams and waiting polls end, and
   * clients go on where they were. Without it they last as long as both ends like.
   */
  readonly maxDuration?: number;
  /** What `GET` and `POST …/drain` want as a bearer token, of 16 characters at least; `CRON_SECRET` by default. Without one there is no such route. */
  readonly drainSecret?: string;
  /** Has deliveries done once the answer is sent; `after` of `next/server` by default. */
  readonly after?: After;
}

/** A handler for every method of `app/…/[...path]/route.ts`. */
export interface NextHandler {
  (request: Request, context: { readonly params: Promise<object> }): Promise<Response>;
  /** Ends streams and waiting polls, and answers 503 from then on. */
  close(): void;
}

/**
 * PocketPing as a route of Next's App Router. The mount is wherever the file lies.
 * @param engine or what gives it at the first request: `next build` evaluates the route's module, where there may be no settings yet
 * @throws TypeError for options that make no sense, and for a bridge that needs a process which runs all the time
 *
 * @example
 * // app/api/pocketping/[...path]/route.ts
 * const handler = nextHandler(pp);
 * export { handler as GET, handler as POST };
 */
export function nextHandler(
  engine: NextEngine | (() => NextEngine),
  options: NextHandlerOptions = {},
): NextHandler {
  const { maxDuration, drainSecret, after, ...http } = options;
  const budgetMs = budgetOf(maxDuration);
  const secret = drainSecretOf(drainSecret);
  let serving: Serving | undefined;
  let closed = false;
  /** That the route's folder has the wrong name is said once. */
  let told = false;

  const whyNotNow = (engine: NextEngine, params: object, request: Request): Error | undefined => {
    const connected = engine.connectedBridges;
    if (connected.length > 0) return refused(connected);
    const misplaced = notCatchAll(params, request);
    if (misplaced && !told) engine.logger.error({ path: new URL(request.url).pathname }, misplaced.message);
    told ||= misplaced !== undefined;
    return misplaced;
  };

  const begin = (): Serving => {
    serving ??= createServing(typeof engine === 'function' ? engine() : engine, http, after);
    if (closed) serving.exchange.close();
    return serving;
  };
  if (typeof engine !== 'function') begin();

  const handler = async (
    request: Request,
    context: { readonly params: Promise<object> },
  ): Promise<Response> => {
    requireDynamic(request);
    const { engine, exchange, notice, deliver, after } = begin();
    const params = await context.params;
    const segments = segmentsOf(params);
    if (isDevelopment()) replacePrevious(engine, request, segments.length);
    const path = `/${segments.map(encodeURIComponent).join('/')}`;
    const ending = new Ending(request.signal, engine.clock, budgetMs);
    const input = new WebInput(request, path, ending);
    if (secret !== undefined && /^\/drain\/?$/.test(path)) {
      const output = await answerDrain(engine, input, { secret, withinMs: budgetMs ?? DRAIN_MS });
      ending.end();
      return responseOf(output);
    }
    notice(request);
    const unfit = whyNotNow(engine, params, request);
    const output = unfit ? failure(unfit, {}, engine, input) : await exchange(input);
    if (!WITHOUT_EFFECT.has(request.method)) await after(() => deliver(budgetMs ?? DRAIN_MS));
    if (output.stream) return follow(output, output.stream, ending);
    ending.end();
    return responseOf(output);
  };

  return Object.assign(handler, {
    close() {
      closed = true;
      serving?.exchange.close();
    },
  });
}

/** A variable that is empty is one that is not set. */
function drainSecretOf(drainSecret: string | undefined): string | undefined {
  const secret = drainSecret ?? (globalThis.process?.env?.CRON_SECRET || undefined);
  if (secret === undefined || secret.length >= 16) return secret;
  const name = drainSecret === undefined ? 'the environment variable CRON_SECRET' : 'drainSecret';
  throw new TypeError(`${name}: a secret that keeps strangers out has 16 characters at least`);
}

/** How long deliveries may take where nobody says how long the route may. */
const DRAIN_MS = 30_000;

const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

type Serving = ReturnType<typeof createServing>;

function createServing(engine: NextEngine, http: HttpOptions, after: After = afterOfNext(engine.logger)) {
  const connected = engine.connectedBridges;
  if (connected.length > 0) throw refused(connected);
  // Next answers PUT, PATCH and DELETE itself where a route exports only GET and POST.
  const exchange = createExchange(engine, siteWide({ ...http, uploadMethod: 'POST' }));
  return {
    engine,
    exchange,
    notice: addressNotice(engine, http),
    deliver: deliveries(engine),
    after,
  };
}

/** One drain at a time; who comes while it runs gets one that begins when it is over. */
function deliveries(engine: NextEngine): (withinMs: number) => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const drain = async (withinMs: number) => {
    try {
      const { left, bridges } = await engine.drain({ withinMs });
      if (left > 0)
        engine.logger.warn({ left, bridges }, 'not every thread is up to the log yet; a drain has to follow');
    } catch (err) {
      engine.logger.error(
        { err },
        'what there is to deliver could not be delivered now; a drain has to follow',
      );
    }
  };
  const deliver = (withinMs: number): Promise<void> => {
    if (!running) {
      running = drain(withinMs).finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running.then(() => {
      next = undefined;
      return deliver(withinMs);
    });
    return next;
  };
  return deliver;
}

async function follow(
  output: WireOutput,
  begin: NonNullable<WireOutput['stream']>,
  ending: Ending,
): Promise<Response> {
  const streamed = new StreamedResponse(ending);
  const refusal = await begin(streamed);
  if (!refusal) return streamed.response(output);
  ending.end();
  return responseOf(refusal);
}

/** Between the end of an answer and the platform's cut. */
const MARGIN_MS = 5000;

function budgetOf(maxDuration: number | undefined): number | undefined {
  if (maxDuration === undefined) return undefined;
  if (!(maxDuration > 0)) throw new TypeError(`maxDuration: ${maxDuration} is no number of seconds`);
  return Math.max(maxDuration * 1000 - MARGIN_MS, maxDuration * 500);
}

const isDevelopment = (): boolean => globalThis.process?.env?.NODE_ENV === 'development';

/** An edited module comes with an engine of its own: the one before it ends, or two would answer the same team. */
function replacePrevious(engine: NextEngine, request: Request, depth: number): void {
  const parts = new URL(request.url).pathname.replace(/\/$/, '').split('/');
  takeOver(parts.slice(0, parts.length - depth).join('/'), engine).catch((err: unknown) =>
    engine.logger.warn({ err }, 'the engine before this one did not stop'),
  );
}

const refused = (connected: readonly string[]): TypeError =>
  new TypeError(
    `The bridge ${connected.map((name) => `"${name}"`).join(', ')} listens on a connection of its own, for which a process has to run all ` +
      'the time; a route of Next.js runs while it answers. Have the platform call its webhook instead (the README of the bridge says how), ' +
      'or run the engine in a server of its own, e.g. with @pocketping/adapter-node.',
  );
