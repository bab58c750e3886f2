import { nothingWasSent } from '@pocketping/core/bridging';
import { describe, expect, it } from 'vitest';

const failed = (code: string | undefined, message = '') =>
  Object.assign(new Error(message), code !== undefined && { code });

describe('a request that failed', () => {
  it.each([
    ['ECONNREFUSED', ''],
    ['ENOTFOUND', ''],
    ['UND_ERR_CONNECT_TIMEOUT', ''],
    ['CERT_HAS_EXPIRED', ''],
    ['ETIMEDOUT', 'connect ETIMEDOUT 192.0.2.1:443'],
    [undefined, 'bad port'],
  ])('was not sent: %s %s', (code, message) => {
    const error = failed(code, message);
    expect(nothingWasSent(error)).toBe(true);
    expect(nothingWasSent(new TypeError('fetch failed', { cause: error }))).toBe(true);
  });

  it.each([
    ['ETIMEDOUT', 'read ETIMEDOUT'],
    ['ECONNRESET', 'socket hang up'],
    ['UND_ERR_SOCKET', ''],
    [undefined, 'This operation was aborted'],
  ])('may have been sent: %s %s', (code, message) => {
    const error = failed(code, message);
    expect(nothingWasSent(error)).toBe(false);
    expect(nothingWasSent(new TypeError('fetch failed', { cause: error }))).toBe(false);
  });

  it('was not sent if no address took it', () => {
    const [refused, reset] = [failed('ECONNREFUSED'), failed('ECONNRESET')];
    expect(nothingWasSent({ errors: [refused, refused] })).toBe(true);
    expect(nothingWasSent({ errors: [refused, reset] })).toBe(false);
    for (const nothing of [undefined, null, 'ECONNREFUSED', {}]) expect(nothingWasSent(nothing)).toBe(false);
  });
});
