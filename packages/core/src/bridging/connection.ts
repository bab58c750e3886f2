/**
 * Whether a request that failed was surely never sent, so that it had no effect: a connection that never came about carried
 * none. A reset or a broken answer tells nothing.
 * @param error what the HTTP client threw, with all its causes
 */
export const nothingWasSent = (error: unknown): boolean => {
  const { code, message, cause, errors } = (error ?? {}) as Record<string, unknown>;
  if (typeof code === 'string' && (NO_CONNECTION.has(code) || TLS_REFUSED.test(code))) return true;
  if (typeof message === 'string' && CONNECTING.test(message)) return true;
  // One for each address that was tried.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(nothingWasSent);
  return cause !== undefined && nothingWasSent(cause);
};

/** Node names the step that failed; when it had tried several addresses, it names nothing. Some ports it does not call at all. */
const CONNECTING = /\bconnect E[A-Z]+|failed, reason: ?$|^bad port$/;

const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TLS_REFUSED = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
