import { BridgeError, type BridgeErrorCode } from '@pocketping/core';
import { nothingWasSent } from '@pocketping/core/bridging';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { UNTOLD_WAIT_MS } from './limits.js';

/** What is known of a call that failed. */
export interface FailedCall {
  /** The call changes something a person can see, so that it matters whether it took effect. */
  readonly effect: boolean;
  /** What it was made with. */
  readonly token: 'botToken' | 'appToken';
  /** Appear in no message. */
  readonly secrets: readonly string[];
  readonly channelId: string;
}

/**
 * Why Slack did not do it, in the engine's words. The vendor's error is not passed on as it is: it may hold what was sent.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export const toBridgeError = (error: unknown, call: FailedCall): BridgeError => {
  if (BridgeError.isInstance(error)) return error;
  const cause = withoutSecrets(error, call);
  if (error instanceof WebAPIRateLimitedError) return limited(Math.max(error.retryAfter, 1) * 1000, cause);
  if (error instanceof WebAPIPlatformError) return refusal(error.data, call, cause);
  if (error instanceof WebAPIHTTPError) return atTheDoor(error.statusCode, call, cause);
  // The client says this where a 429 does not say for how long.
  if (error instanceof Error && /^Retry header did not/.test(error.message))
    return limited(UNTOLD_WAIT_MS, cause);
  return interruption(error instanceof WebAPIRequestError ? error.original : error, call, cause);
};

/** The platform's own word for a refusal, of an error that `toBridgeError` made. */
export const isRefusal = (error: unknown, ...words: readonly string[]): boolean =>
  BridgeError.isInstance(error) &&
  words.some((word) => (error.cause as { name?: unknown } | undefined)?.name === `slack:${word}`);

/** What an incoming webhook answers: a status, and a word. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
export const webhookError = (status: number, words: string, retryAfter: string | null): BridgeError => {
  const word = /^[a-z_]{1,64}$/.test(words) ? words : 'unknown_error';
  const said = `Slack refused the incoming webhook: ${status} ${word}`;
  if (status === 429) {
    const seconds = Number(retryAfter);
    return limited(
      Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : UNTOLD_WAIT_MS,
      new Error(said),
    );
  }
  if (status >= 500) return new BridgeError('uncertain', `${said}.`);
  if (REFUSED_CONTENT.test(word)) return new BridgeError('invalid', `${said}.`);
  return new BridgeError('unauthorized', `${said}. ${NEW_WEBHOOK}`);
};

const limited = (retryAfterMs: number, cause: Error): BridgeError =>
  new BridgeError('rate_limited', `Slack takes no more for ${retryAfterMs / 1000} s.`, {
    cause,
    retryAfterMs,
    scope: 'chat',
  });

const refusal = (
  data: { error?: unknown; needed?: unknown },
  call: FailedCall,
  cause: Error,
): BridgeError => {
  const word = typeof data.error === 'string' && /^[a-z_-]{1,64}$/.test(data.error) ? data.error : '';
  if (word === '') return interruption(undefined, call, cause);
  cause.name = `slack:${word}`;
  const said = `Slack refused it: ${word}`;
  if (LIMITED.has(word)) return limited(UNTOLD_WAIT_MS, cause);
  // Of these Slack says that some of it may have happened all the same.
  if (TROUBLE.has(word)) {
    return new BridgeError(call.effect ? 'uncertain' : 'unavailable', `${said}.`, { cause });
  }
  const [code, advice] = meaning(word, data, call);
  return new BridgeError(code, advice === '' ? `${said}.` : `${said}. ${advice}`, { cause });
};

const meaning = (
  word: string,
  { needed }: { needed?: unknown },
  { channelId, token }: FailedCall,
): readonly [BridgeErrorCode, string] => {
  if (word === 'missing_scope') {
    return ['unauthorized', missingScopes([typeof needed === 'string' ? needed.split(',') : []])];
  }
  if (TOKEN.has(word)) return ['unauthorized', newToken(token)];
  if (word === 'not_in_channel') return ['unauthorized', INVITE];
  if (word === 'channel_not_found') {
    return [
      'misconfigured',
      `Check channelId ("${channelId}"): in Slack open the channel, click its name, and copy the Channel ID at the bottom of About. ${INVITE}`,
    ];
  }
  if (word === 'is_archived') {
    return [
      'misconfigured',
      'The channel is archived. Open it in Slack → Unarchive, or set another channelId.',
    ];
  }
  if (NO_THREAD.has(word)) return ['thread_gone', ''];
  if (GONE.has(word)) return ['message_gone', ''];
  if (NOT_ALLOWED.test(word)) return ['unauthorized', RESTRICTED];
  return ['invalid', ''];
};

/** What a person does about scopes that a token lacks. @param groups of each it needs one */
export const missingScopes = (groups: readonly (readonly string[])[]): string =>
  `Add ${groups.map((group) => group.map((scope) => `"${scope.trim()}"`).join(' or ') || 'the scope').join(', ')} at https://api.slack.com/apps → your app → OAuth & Permissions → Scopes → Bot Token Scopes, then click Reinstall to Workspace.`;

export const INVITE =
  'In Slack open the channel and type /invite followed by @ and the app’s name (or click the channel’s name → Integrations → Add an App).';

const PAGES = {
  botToken: 'OAuth & Permissions',
  appToken: 'Basic Information → App-Level Tokens',
} as const;

const newToken = (token: FailedCall['token']): string =>
  `${token} is wrong or was revoked. Open https://api.slack.com/apps → your app → ${PAGES[token]}, and set what it shows.`;

const NEW_WEBHOOK =
  'The webhook no longer works there. Open https://api.slack.com/apps → your app → Incoming Webhooks → Add New Webhook, and set webhookUrl to its address.';
const RESTRICTED =
  'The workspace does not let the app write there. Ask an administrator: the channel’s name → Settings → Posting permissions, or the workspace’s app approvals.';

const LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const TROUBLE = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
const TOKEN = new Set([
  'account_inactive',
  'invalid_auth',
  'not_allowed_token_type',
  'not_authed',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
]);
const GONE = new Set(['message_not_found', 'file_not_found', 'file_deleted']);
const NO_THREAD = new Set(['cannot_reply_to_message', 'invalid_thread_ts', 'thread_not_found']);
const NOT_ALLOWED =
  /^restricted_action|^(?:access_denied|ekm_access_denied|team_access_not_granted|no_permission|org_login_required|accesslimited|enterprise_is_restricted|two_factor_setup_required|channel_is_frozen|not_allowed)$/;
const REFUSED_CONTENT =
  /^(?:invalid_payload|invalid_blocks\w*|no_text|msg_too_long|msg_blocks_too_long|too_many_attachments)$/;

/** Something else than Slack answered, or Slack in distress. */
const atTheDoor = (status: number, call: FailedCall, cause: Error): BridgeError =>
  status >= 500 && call.effect
    ? new BridgeError('uncertain', `Slack answered with status ${status}, so this may have happened.`, {
        cause,
      })
    : new BridgeError('unavailable', `Slack cannot be reached: status ${status}.`, { cause });

const interruption = (error: unknown, call: FailedCall, cause: Error): BridgeError => {
  if (!call.effect || nothingWasSent(error)) {
    return new BridgeError('unavailable', `Slack cannot be reached: ${cause.message}`, { cause });
  }
  return new BridgeError('uncertain', `Slack did not answer, so this may have happened: ${cause.message}`, {
    cause,
  });
};

export const withoutSecrets = (error: unknown, { secrets }: Pick<FailedCall, 'secrets'>): Error => {
  const messages: string[] = [];
  for (let each = error; each instanceof Error && messages.length < 4; each = each.cause)
    messages.push(each.message);
  const text = [...new Set(messages)].join(': ') || String(error);
  return new Error(
    secrets.reduce((clean, secret) => clean.replaceAll(secret, '<secret>'), text.slice(0, 500)),
  );
};
