import { newId, PocketPingError } from '@pocketping/core';
import { ERROR_STATUS, type ErrorBody, type ErrorCode } from '@pocketping/protocol';
import type { z } from 'zod';
import type { Engine } from './options.js';
import type { WireOutput } from './wire.js';

/**
 * The answer that an error stands for. Only a `PocketPingError` speaks for itself; of anything else the client learns
 * the `requestId` under which the log has the rest.
 */
export function failure(
  error: unknown,
  headers: Readonly<Record<string, string>>,
  { clock, logger }: Engine,
  request: { readonly method: string; readonly path: string },
): WireOutput {
  const requestId = newId('request', clock.now());
  const known = PocketPingError.isInstance(error);
  const code: ErrorCode = known ? error.code : 'internal_error';
  const status = ERROR_STATUS[code];
  if (status >= 500) {
    const fields = { err: error, requestId, method: request.method, path: request.path };
    if (status === 503) logger.warn(fields, 'A request could not be served now.');
    else logger.error(fields, 'A request failed.');
  }
  const body: ErrorBody = {
    error: {
      code,
      message: known && status < 500 ? error.message : SERVER_SIDE[status === 503 ? 'later' : 'never'],
      requestId,
      ...(known && error.details !== undefined && { details: error.details }),
    },
  };
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 426 && { upgrade: 'websocket', connection: 'upgrade' }),
      ...(known && error.retryAfterMs !== undefined && { 'retry-after': retryAfter(error.retryAfterMs) }),
    },
    body: JSON.stringify(body),
  };
}

/** What went wrong on this side names files and machines: that is for the log. */
const SERVER_SIDE = {
  later: 'The server cannot do this now. Try again in a moment.',
  never: 'Something went wrong on the server.',
} as const;

/** What a schema found, as people can read it. */
export function validationFailed(error: z.ZodError): PocketPingError {
  const details = error.issues.slice(0, 10).map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = details[0];
  const what = first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'no reason given';
  return new PocketPingError('validation_failed', `The request is not valid. ${what}`, { details });
}

export const rateLimited = (retryAfterMs: number): PocketPingError =>
  new PocketPingError('rate_limited', `Too many requests. Try again in ${retryAfter(retryAfterMs)} s.`, {
    retryAfterMs,
  });

/** Whole seconds (RFC 9110 §10.2.3), never too few. */
const retryAfter = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))}`;
