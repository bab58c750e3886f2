import { isSameSecret, PocketPingError } from '@pocketping/core';
import { failure, type WireInput, type WireOutput } from '@pocketping/http';
import type { NextEngine } from './handler.js';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const ALLOWED = 'GET, POST';

/** Answers the call of a cron: brings all threads up to the log, and says what is left. */
export async function answerDrain(
  engine: NextEngine,
  input: WireInput,
  { secret, withinMs }: { readonly secret: string; readonly withinMs: number },
): Promise<WireOutput> {
  try {
    if (input.method !== 'GET' && input.method !== 'POST') {
      const error = new PocketPingError('method_not_allowed', `Allowed here: ${ALLOWED}.`);
      return failure(error, { ...HEADERS, allow: ALLOWED }, engine, input);
    }
    const given = `${input.headers.authorization}`.replace(/^bearer /i, 'Bearer ');
    if (!isSameSecret(given, `Bearer ${secret}`)) {
      throw new PocketPingError(
        'unauthorized',
        'Send the secret of the cron: "Authorization: Bearer <secret>".',
      );
    }
    const { left, bridges } = await engine.drain({ withinMs });
    if (left > 0)
      engine.logger.warn({ left, bridges }, 'the time was up before every thread was up to the log');
    return {
      status: 200,
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify({ left, bridges }),
    };
  } catch (error) {
    return failure(error, HEADERS, engine, input);
  }
}
