import { BridgeError, type BridgeErrorCode, PocketPingError } from '@pocketping/core';
import { nothingWasSent } from '@pocketping/core/bridging';
import { type ErrorCode, errorBody } from '@pocketping/protocol';

/** What is known of a request that failed. */
export interface FailedRequest {
  /** What was asked for, such as `POST /api/events`. */
  readonly what: string;
  /** It changes something that people see, so that it matters whether it took effect. */
  readonly effect: boolean;
  /** The server's address. */
  readonly root: string;
}

const SOON_MS = 1000;

/** Why there is no answer, in the engine's words. The reason of the HTTP client is kept; it holds no key. */
export const withoutAnswer = (cause: unknown, request: FailedRequest): BridgeError => {
  if (BridgeError.isInstance(cause)) return cause;
  const reason = reasonOf(cause);
  if (!request.effect || nothingWasSent(cause)) {
    return new BridgeError('unavailable', `${request.root} cannot be reached: ${reason}`, { cause });
  }
  return new BridgeError(
    'uncertain',
    `${request.root} did not answer, so this may have happened: ${reason}`,
    {
      cause,
    },
  );
};

/** What a fetch rejects with says that it failed; its cause says why. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
};

/** What a refusal means, in the engine's words. */
export const refusal = async (response: Response, request: FailedRequest): Promise<BridgeError> => {
  const { status, headers } = response;
  const told = await toldIn(response);
  const said = `${request.root} refused ${request.what}: ${told?.message ?? `it answered ${status}`}`;
  if (status === 429) {
    return new BridgeError('rate_limited', said, { retryAfterMs: waitIn(headers), scope: 'bot' });
  }
  if (status === 503) return new BridgeError('unavailable', said);
  if (status >= 500 || status === 408)
    return new BridgeError(request.effect ? 'uncertain' : 'unavailable', said);
  const { code, advice } = meaning(status, told?.code, headers);
  const cause = told && new PocketPingError(told.code, told.message);
  return new BridgeError(code, advice === undefined ? said : `${said} ${advice}`, { cause });
};

/** What the server itself called its reason. */
export const refusedFor = ({ cause }: BridgeError): ErrorCode | undefined =>
  PocketPingError.isInstance(cause) ? cause.code : undefined;

/** A proxy in between, or what is no PocketPing server, says nothing that counts. */
const toldIn = async (response: Response): Promise<{ code: ErrorCode; message: string } | undefined> => {
  try {
    const parsed = errorBody.safeParse(JSON.parse(await response.text()));
    return parsed.success ? parsed.data.error : undefined;
  } catch {
    return undefined;
  }
};

interface Meaning {
  readonly code: BridgeErrorCode;
  readonly advice?: string;
}

const meaning = (status: number, code: ErrorCode | undefined, headers: Headers): Meaning => {
  if (code === 'session_not_found') return { code: 'thread_gone' };
  if (code === 'message_not_found' || code === 'message_deleted') return { code: 'message_gone' };
  if (status === 401) return { code: 'unauthorized', advice: CHECK_KEY };
  if (status === 403) return { code: 'unauthorized', advice: CHECK_ACCESS };
  if (status >= 300 && status < 400) {
    return {
      code: 'misconfigured',
      advice: `It leads to ${headers.get('location') ?? 'elsewhere'}: ${SET_URL}`,
    };
  }
  if (code === 'not_found' || status === 405) return { code: 'misconfigured', advice: UPDATE };
  if (code === undefined && status === 404) return { code: 'misconfigured', advice: NO_SERVER };
  return { code: 'invalid' };
};

const CHECK_KEY =
  'Pass the option apiKey, with what API_KEY is on that server; a server without API_KEY answers its own machine only.';
const CHECK_ACCESS =
  'Something between here and the server, or the server itself, does not let this backend in.';
const SET_URL = 'set bridgeUrl to the address that answers itself.';
const UPDATE = 'That is a PocketPing server without this part of the bridge API: update it.';
const NO_SERVER =
  'That is no PocketPing server: set bridgeUrl to its address, with the path that a proxy puts it under, if any.';

/** What answered is no PocketPing server. */
export const strange = ({ root, what }: FailedRequest): BridgeError =>
  new BridgeError('misconfigured', `${root} answered ${what} as no PocketPing server does. ${NO_SERVER}`);

/** Milliseconds: the header tells seconds or, by the clock of whoever answers, a time. */
const waitIn = (headers: Headers): number => {
  const told = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(told)) return Number(told) * 1000;
  const ms = Date.parse(told) - Date.parse(headers.get('date') ?? '');
  return ms > 0 ? ms : SOON_MS;
};
