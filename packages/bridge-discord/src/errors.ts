import { BridgeError, type BridgeErrorCode, type BridgeScope } from '@pocketping/core';
import { nothingWasSent } from '@pocketping/core/bridging';
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import {
  ARCHIVE_SOME,
  admit,
  CHECK_TOKEN,
  CHECK_WEBHOOK,
  findChannel,
  grant,
  NAME_THREAD,
  REQUIRE_NO_TAG,
} from './advice.js';

/** What is known of a call that failed. */
export interface FailedCall {
  /** What was asked for, without secrets, such as `POST /channels/123/messages`. */
  readonly what: string;
  /** The call changes something a person can see, so that it matters whether it took effect. */
  readonly effect: boolean;
  /** The request left this process. */
  readonly sent: boolean;
  /** Whose absence it means when there is no such channel. */
  readonly at: 'thread' | 'channel' | 'webhook';
  readonly channelId: string;
  /** Appears in no message. */
  readonly secret: string;
}

/** Where Discord does not say for how long, it is not a short while: the address itself may be banned. */
const UNTOLD_WAIT_MS = 60_000;

/** How soon somebody may have archived a thread of a server that has as many as it may. */
const FULL_MS = 60_000;

/**
 * Why Discord did not do it, in the engine's words. The library's error is not passed on as it is: it holds what was
 * sent, and at times a webhook's token.
 * @see https://discord.com/developers/docs/topics/opcodes-and-status-codes
 */
export const toBridgeError = (error: unknown, call: FailedCall): BridgeError => {
  if (BridgeError.isInstance(error)) return error;
  const cause = withoutSecrets(error, call);
  const said = `Discord refused ${call.what}: ${cause.message}`;
  if (error instanceof RateLimitError) {
    const retryAfterMs = error.retryAfter > 0 ? Math.ceil(error.retryAfter) : UNTOLD_WAIT_MS;
    return new BridgeError('rate_limited', `${said}too many requests for now`, {
      cause,
      retryAfterMs,
      scope: scopeOf(error, call),
    });
  }
  if (error instanceof HTTPError && error.status >= 500) {
    return new BridgeError(call.effect ? 'uncertain' : 'unavailable', said, { cause });
  }
  if (error instanceof DiscordAPIError) {
    const { code, advice, ...more } = meaning(error, call);
    const full = `${said} (${error.code ?? error.status})`;
    return new BridgeError(code, advice ? `${full}. ${advice}` : full, { cause, ...more });
  }
  return interruption(error, call, cause);
};

const scopeOf = ({ global }: RateLimitError, { at }: FailedCall): BridgeScope => {
  if (global) return 'bot';
  return at === 'thread' ? 'thread' : 'chat';
};

const withoutSecrets = (error: unknown, { secret }: FailedCall): Error => {
  const text = error instanceof Error ? error.message : String(error);
  const clean = new Error(text.replaceAll(secret, '<token>'));
  if (error instanceof Error) clean.name = error.name;
  return clean;
};

interface Meaning {
  readonly code: BridgeErrorCode;
  readonly advice?: string;
  readonly retryAfterMs?: number;
  readonly scope?: BridgeScope;
}

/** @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
const meaning = (error: DiscordAPIError, call: FailedCall): Meaning => {
  const { at, channelId } = call;
  switch (Number(error.code)) {
    case 10003: // Unknown Channel
      if (at === 'thread') return { code: 'thread_gone' };
      return { code: 'misconfigured', advice: at === 'webhook' ? NAME_THREAD : findChannel(channelId) };
    case 10008: // Unknown Message
    case 50005: // Cannot edit a message authored by another user
    case 50021: // Cannot execute action on a system message
      return { code: 'message_gone' };
    case 10015: // Unknown Webhook
      return { code: 'misconfigured', advice: CHECK_WEBHOOK };
    case 50027: // Invalid Webhook Token
      return { code: 'unauthorized', advice: CHECK_WEBHOOK };
    case 50001: // Missing Access
      return { code: 'unauthorized', advice: admit(channelId) };
    case 50013: // Missing Permissions
      return { code: 'unauthorized', advice: grant(channelId) };
    case 50083: // Thread is archived
      // Of what a webhook posted: a new post makes the thread active again.
      return { code: at === 'webhook' ? 'message_gone' : 'thread_gone' };
    case 160005: // Thread is locked
      return at === 'webhook' ? { code: 'misconfigured', advice: NAME_THREAD } : { code: 'thread_gone' };
    case 220001: // Webhooks posted to forum channels must have a thread_name or thread_id
      return { code: 'misconfigured', advice: NAME_THREAD };
    case 50008: // Cannot send messages in a non-text channel
    case 50024: // Cannot execute action on this channel type
      return { code: 'misconfigured', advice: 'Set channelId to a text channel or a forum channel.' };
    case 40067: // A tag is required to create a forum post in this channel
      return { code: 'misconfigured', advice: REQUIRE_NO_TAG };
    case 130000: // API resource is currently overloaded
      return { code: 'unavailable' };
    case 160006: // Maximum number of active threads reached
      return { code: 'rate_limited', scope: 'thread', retryAfterMs: FULL_MS, advice: ARCHIVE_SOME };
    case 50035: // Invalid Form Body
      return { code: aboutReply(error) ? 'message_gone' : 'invalid' };
  }
  if (error.status === 401)
    return { code: 'unauthorized', advice: at === 'webhook' ? CHECK_WEBHOOK : CHECK_TOKEN };
  if (error.status === 403) return { code: 'unauthorized', advice: grant(channelId) };
  return { code: 'invalid' };
};

/** What the message should answer takes no answers; without that, it can be posted. */
const aboutReply = ({ rawError }: DiscordAPIError): boolean =>
  'errors' in rawError &&
  typeof rawError.errors === 'object' &&
  Object.hasOwn(rawError.errors, 'message_reference');

const interruption = (error: unknown, call: FailedCall, cause: Error): BridgeError => {
  if (!call.effect || !call.sent || nothingWasSent(error)) {
    return new BridgeError('unavailable', `Discord cannot be reached: ${cause.message}`, { cause });
  }
  return new BridgeError('uncertain', `Discord did not answer, so this may have happened: ${cause.message}`, {
    cause,
  });
};
