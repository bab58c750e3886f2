import { PocketPingError, type VisitorActor } from '@pocketping/core';
import { LIMITS } from '@pocketping/protocol';
import { requireBackend } from './bridge-api/access.js';
import { addressKey, createClientAddresses } from './client-address.js';
import { rateLimited } from './failure.js';
import type { Engine, HttpOptions } from './options.js';
import { createOrigins, type Origins } from './origins.js';
import { createLimiter, type Limiter, type LimitName } from './rate-limits.js';
import type { WireHeaders, WireInput } from './wire.js';

/** Where a request comes from. */
export type Caller = Pick<WireInput, 'headers' | 'remoteAddress'>;

/** Who may come in, and how often: what HTTP and WebSockets have in common. */
export interface Door {
  readonly origins: Origins;
  /** The headers for answers to this caller. @throws PocketPingError `origin_not_allowed` */
  headersFor(caller: Caller): Readonly<Record<string, string>>;
  /** What limits count by; one and the same for everybody of whom it is not known. */
  addressOf(caller: Caller): string;
  /** The address where it is known. */
  knownAddressOf(caller: Caller): string | undefined;
  /**
   * The visitor that a token stands for, having taken from their limit; at once for one that was here lately.
   * @throws PocketPingError `unauthorized`, `rate_limited`.
   */
  admit(token: string | undefined, limit: LimitName, caller: Caller): Promise<VisitorActor> | VisitorActor;
  /** Lets a backend in that shows the key. @throws PocketPingError `unauthorized`, `rate_limited` */
  admitBackend(limit: LimitName, caller: Caller): void;
  /** Takes from the limit of an address. @throws PocketPingError `rate_limited` */
  admitUnknown(limit: LimitName, caller: Caller, cost?: number): void;
  /** Takes from a visitor's limit. @returns whether there was something left. */
  take(limit: LimitName, actor: VisitorActor): boolean;
}

export function createDoor(engine: Engine, options: HttpOptions): Door {
  const origins = createOrigins(options.origins);
  const addresses = createClientAddresses(options.trustProxy);
  const limiter = createLimiter(engine.clock, options.rateLimits);
  const notice = proxyNotice(engine, options);
  const addressOf = ({ headers, remoteAddress }: Caller) => {
    // Of frameworks that tell nothing of the connection, some write the header themselves: their adapter knows what to say.
    if (remoteAddress !== null) notice(headers);
    return addresses.of(remoteAddress, headers['x-forwarded-for']);
  };
  const spend = (limit: LimitName, key: string, cost?: number) => {
    const wait = limiter.take(limit, key, cost);
    if (wait > 0) throw rateLimited(wait);
  };

  return {
    origins,
    headersFor: ({ headers, remoteAddress }) => {
      // Most requests name no origin, or one that needs no proxy's word.
      const asksProxy = headers.origin !== undefined && headers['x-forwarded-host'] !== undefined;
      return origins.headersFor(headers, asksProxy && addresses.trusts(remoteAddress));
    },
    addressOf,
    knownAddressOf: (caller) => {
      const address = addressOf(caller);
      return caller.remoteAddress === null && address === addresses.of(null, undefined) ? undefined : address;
    },
    admit(token, limit, caller) {
      const spent = (actor: VisitorActor) => {
        spend('address', addressKey(addressOf(caller)));
        spend(limit, actor.id);
        return actor;
      };
      const found = authenticate(engine, limiter, token, caller, addressOf);
      return found instanceof Promise ? found.then(spent) : spent(found);
    },
    admitBackend(limit, caller) {
      try {
        requireBackend(caller, options.bridgeApi ?? {});
      } catch (error) {
        spend('refused', addressKey(addressOf(caller)));
        throw error;
      }
      spend(limit, addressKey(addressOf(caller)));
    },
    admitUnknown: (limit, caller, cost) => spend(limit, addressKey(addressOf(caller)), cost),
    take: (limit, actor) => limiter.take(limit, actor.id) === 0,
  };
}

/** The token of `Authorization: Bearer` (RFC 6750 §2.1). @throws PocketPingError `unauthorized` for another scheme. */
export function bearerToken(headers: WireHeaders): string | undefined {
  const field = headers.authorization;
  if (field === undefined) return undefined;
  if (typeof field === 'string') {
    if (field.startsWith('Bearer ')) return field.slice(7);
    if (/^bearer /i.test(field)) return field.slice(7).trim();
  }
  throw new PocketPingError('unauthorized', 'The header must read "Authorization: Bearer <token>".');
}

/** An address that has shown many wrong tokens has to wait before it may show another one. */
function authenticate(
  engine: Engine,
  limiter: Limiter,
  token: string | undefined,
  caller: Caller,
  addressOf: (caller: Caller) => string,
): Promise<VisitorActor> | VisitorActor {
  if (token === undefined || token === '' || token.length > LIMITS.idLength) {
    throw new PocketPingError(
      'unauthorized',
      'Send the token that POST /connect returned: "Authorization: Bearer <token>".',
    );
  }
  const found = engine.conversation.authenticate(token);
  if (!(found instanceof Promise)) return found;
  return found.catch((error: unknown) => {
    if (PocketPingError.isInstance(error) && error.code === 'unauthorized') {
      const wait = limiter.take('refused', addressKey(addressOf(caller)));
      if (wait > 0) throw rateLimited(wait);
    }
    throw error;
  });
}

/** Says once what somebody behind a proxy has to set, before all visitors share that proxy's limits. */
function proxyNotice(engine: Engine, options: HttpOptions): (headers: WireHeaders) => void {
  let said = (options.trustProxy?.length ?? 0) > 0;
  return (headers) => {
    if (said || headers['x-forwarded-for'] === undefined) return;
    said = true;
    engine.logger.warn(
      {},
      'Requests carry X-Forwarded-For, which is not believed: all visitors behind that proxy count as one address. ' +
        'If the proxy is yours, name it, e.g. trustProxy: ["loopback"].',
    );
  };
}
