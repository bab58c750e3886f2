import { BridgeError, type BridgeErrorCode } from '@pocketping/core';
import { nothingWasSent } from '@pocketping/core/bridging';
import { GrammyError } from 'grammy';
import { type Advice, ENABLE_TOPICS } from './advice.js';

/** What is known of a call that failed. */
export interface FailedCall {
  /** The call changes something a person can see, so that it matters whether it took effect. */
  readonly effect: boolean;
  /** Appears in no message. It stands in the address of every request, and so in what network errors say. */
  readonly botToken: string;
  readonly advice: Advice;
  /** Where a chat has topics, one of them may be gone; where it has none, only the whole chat can be. */
  readonly topics: boolean;
}

/** The chat that a group has become, if that is why a call failed. @see https://core.telegram.org/bots/api#responseparameters */
export const successorIn = (error: unknown): string | undefined => {
  const id = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
  return id === undefined ? undefined : String(id);
};

/**
 * Why Telegram did not do it, in the engine's words. The vendor's error is not passed on as it is: it holds what was
 * sent, and at times the bot's token.
 * @see https://core.telegram.org/bots/api#making-requests
 */
export const toBridgeError = (error: unknown, call: FailedCall): BridgeError => {
  if (BridgeError.isInstance(error)) return error;
  const cause = withoutSecrets(error, call);
  return error instanceof GrammyError ? refusal(error, call, cause) : interruption(error, call, cause);
};

/** `text` without the bot's token. */
const redact = (text: string, botToken: string): string => text.replaceAll(botToken, '<botToken>');

const withoutSecrets = (error: unknown, { botToken }: FailedCall): Error => {
  const inner = error instanceof Error && 'error' in error ? error.error : undefined;
  const parts = [error, inner].filter((each) => each instanceof Error).map(({ message }) => message);
  const clean = new Error(redact(parts.join(' ') || String(error), botToken));
  if (error instanceof Error) clean.name = error.name;
  return clean;
};

const refusal = (error: GrammyError, call: FailedCall, cause: Error): BridgeError => {
  const { error_code: status, method, parameters } = error;
  const said = `Telegram refused ${method}: ${redact(error.description, call.botToken)}`;
  if (status === 429) {
    const retryAfterMs = Math.max(parameters.retry_after ?? 1, 1) * 1000;
    return new BridgeError('rate_limited', said, { cause, retryAfterMs, scope: 'chat' });
  }
  if (status >= 500) return new BridgeError(call.effect ? 'uncertain' : 'unavailable', said, { cause });
  if (parameters.migrate_to_chat_id !== undefined) {
    if (!call.topics) return new BridgeError('thread_gone', said, { cause });
    const advice = `The group became a supergroup: set forumChatId to "${parameters.migrate_to_chat_id}".`;
    return new BridgeError('misconfigured', `${said}. ${advice}`, { cause });
  }
  const { code, advice } = meaning(status, error.description, call);
  return new BridgeError(code, advice ? `${said}. ${advice}` : said, { cause });
};

interface Meaning {
  readonly code: BridgeErrorCode;
  readonly advice?: string | undefined;
}

const meaning = (status: number, description: string, { advice, topics }: FailedCall): Meaning => {
  const known = MEANINGS.find(({ pattern }) => pattern.test(description));
  if (known?.code === 'thread_gone' && !topics) return { code: 'misconfigured', advice: HAS_TOPICS };
  if (known) return { code: known.code, advice: known.advice?.(advice) };
  if (status === 401 || status === 404) return { code: 'unauthorized', advice: CHECK_TOKEN };
  if (status === 403) return { code: 'unauthorized', advice: advice.admit };
  if (status === 409) return { code: 'misconfigured', advice: ONE_POLLER };
  return { code: 'invalid' };
};

const CHECK_TOKEN =
  'The bot token is wrong or was revoked. In Telegram open @BotFather, send /mybots, choose the bot, then "API Token", and set botToken to what it shows.';
const ONE_POLLER =
  'Another process polls with this bot token; Telegram allows one. Stop the other one, or give each its own bot.';
const NO_WEBHOOK =
  'A webhook was set for this bot after PocketPing had started; Telegram then answers no polling. Remove it where it is set, or give that service its own bot.';

const WEBHOOK_URL =
  'Set webhook.url to an https address with a valid certificate that Telegram can reach, on port 443, 80, 88 or 8443.';
/** What is said where a chat was configured as one without topics. */
const HAS_TOPICS =
  'The group has topics now, and General, where the bot writes, takes no posts. Reopen General, or set forumChatId instead of chatIds.';

/** Telegram tells failures apart by their descriptions alone, which its documentation does not list. In this order. */
const MEANINGS: readonly {
  readonly pattern: RegExp;
  readonly code: BridgeErrorCode;
  readonly advice?: (advice: Advice) => string;
}[] = [
  { pattern: /bad webhook|invalid webhook URL/i, code: 'misconfigured', advice: () => WEBHOOK_URL },
  { pattern: /webhook is active|terminated by setWebhook/i, code: 'misconfigured', advice: () => NO_WEBHOOK },
  {
    pattern: /message thread not found|TOPIC_DELETED|TOPIC_ID_INVALID|TOPIC_CLOSED/i,
    code: 'thread_gone',
  },
  {
    pattern:
      /message to (?:edit|delete|react|be replied) not found|repl(?:ied|y) message not found|message can't be (?:edited|deleted)|MESSAGE_ID_INVALID|MESSAGE_DELETE_FORBIDDEN|MESSAGE_AUTHOR_REQUIRED|no text in the message to edit|message identifier is not specified/i,
    code: 'message_gone',
  },
  {
    pattern: /(?:wrong|invalid) (?:remote )?file[_ ]id|FILE_ID_INVALID|FILE_REFERENCE_/i,
    code: 'message_gone',
  },
  // Only files of some kind: what else the bot may do there goes on.
  {
    pattern: /not enough rights to send (?!text)\w+|CHAT_SEND_(?!PLAIN)\w+_FORBIDDEN/i,
    code: 'invalid',
    advice: ({ media }) => media,
  },
  {
    pattern: /chat not found|PEER_ID_INVALID|CHAT_ID_INVALID|chat_id is empty/i,
    code: 'misconfigured',
    advice: ({ find }) => find,
  },
  {
    pattern: /can't initiate conversation/i,
    code: 'unauthorized',
    advice: ({ find }) => find,
  },
  {
    pattern: /not a forum|CHANNEL_FORUM_MISSING|CHAT_NOT_FORUM|topics? (?:is|are) (?:disabled|not enabled)/i,
    code: 'misconfigured',
    advice: () => ENABLE_TOPICS,
  },
  {
    pattern:
      /not enough rights|have no rights|need administrator rights|CHAT_ADMIN_REQUIRED|RIGHT_FORBIDDEN/i,
    code: 'unauthorized',
    advice: ({ grant }) => grant,
  },
  {
    pattern:
      /CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|CHAT_SEND_PLAIN_FORBIDDEN|USER_BANNED_IN_CHANNEL|not a member|was kicked|was blocked/i,
    code: 'unauthorized',
    advice: ({ admit }) => admit,
  },
  { pattern: /method not found/i, code: 'misconfigured', advice: () => 'The server at apiRoot is too old.' },
];

const interruption = (error: unknown, call: FailedCall, cause: Error): BridgeError => {
  const inner = error instanceof Error && 'error' in error ? error.error : error;
  if (!call.effect || nothingWasSent(inner)) {
    return new BridgeError('unavailable', `Telegram cannot be reached: ${cause.message}`, { cause });
  }
  return new BridgeError(
    'uncertain',
    `Telegram did not answer, so this may have happened: ${cause.message}`,
    { cause },
  );
};
