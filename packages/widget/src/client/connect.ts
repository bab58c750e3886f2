import type { ConnectResponse, WireIdentity } from '@pocketping/protocol';
import type { Api, Session } from './api.js';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';
import type { Persistence } from './persistence.js';
import { randomName } from './random.js';

export interface Connected {
  readonly session: Session;
  readonly response: ConnectResponse;
}

/** Attempts per call: each of the refusals below can be answered once, and then something else is wrong. */
const ATTEMPTS = 4;

/**
 * `POST /connect`, alone among the tabs of this browser: two that open at the same moment end with one visitor and one
 * session, because the second finds the first one's token in the storage.
 */
export function connectOnce(
  environment: Environment,
  api: Api,
  stored: Persistence,
  identity: WireIdentity | undefined,
  signal: AbortSignal,
): Promise<Connected> {
  return environment.exclusively(stored.name('connect'), async () => {
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw new PocketPingError('reset');
      const mine = stored.credentials() ?? { visitorId: randomName(environment, 16) };
      if (!mine.token && !mine.secret) {
        mine.secret = randomName(environment, 32);
        stored.saveCredentials(mine);
      }
      try {
        const { visitorId, token, sessionId, secret } = mine;
        const response = await api.post<ConnectResponse>(
          '/connect',
          { visitorId, metadata: environment.metadata(), identity, secret: token ? undefined : secret },
          token ? { token, sessionId } : {},
          signal,
        );
        if (signal.aborted) continue;
        const theirs = stored.credentials();
        // Another tab was first, or has forgotten this visitor meanwhile: what is stored now decides.
        if (theirs?.token !== token || theirs?.secret !== secret) continue;
        if (response.status === 'ended') {
          stored.saveCredentials({ visitorId, token: response.token ?? token });
          if (attempt < ATTEMPTS) continue;
        }
        const session = { sessionId: response.sessionId, token: response.token ?? token! };
        stored.saveCredentials({ visitorId: response.visitorId, ...session });
        return { session, response };
      } catch (thrown) {
        const error = asPocketPingError(thrown);
        if (signal.aborted || attempt >= ATTEMPTS) throw error;
        if (error.status === 401) stored.forgetCredentials();
        else if (error.code === 'identity_conflict') stored.forgetPerson();
        else if (error.code === 'validation_failed' && identity) {
          console.warn('PocketPing: identity', error.message);
          identity = undefined;
        } else if (['session_ended', 'session_not_found'].includes(error.code))
          stored.saveCredentials({ visitorId: mine.visitorId, token: mine.token, secret: mine.secret });
        else throw error;
      }
    }
  });
}
