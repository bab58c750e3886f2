import {
  BridgeError,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { nothingWasSent } from '@pocketping/core/bridging';
import { shortened } from '@pocketping/core/rendering';
import { webhookError, withoutSecrets } from './errors.js';
import { escapeMarkup } from './markup.js';
import type { WebhookSettings } from './settings.js';

/** All conversations share the channel of the webhook. */
const CHAT = 'webhook';

const PATIENCE_MS = 15_000;

/** A thread is named after its session. */
export const threadOf = ({ sessionId }: SessionCard): ThreadRef => ({ chatId: CHAT, threadId: sessionId });

/**
 * Posts through an incoming webhook. Slack does not tell the id of what it posted, so a post is named after its nonce.
 * @throws BridgeError
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const postThrough = async (
  { webhookUrl, fetch }: WebhookSettings,
  thread: ThreadRef,
  part: Part,
  { nonce, plain, signal }: PostCall,
): Promise<PostedRef> => {
  if (signal.aborted) throw new BridgeError('unavailable', 'Given up before anything was sent to Slack.');
  const body = JSON.stringify({
    ...wordsOf(part, plain),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  });
  let answer: { status: number; words: string; retryAfter: string | null };
  try {
    const response = await fetch(webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const words = (await response.text()).trim();
    answer = { status: response.status, words, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const cause = withoutSecrets(error, { secrets: [webhookUrl, new URL(webhookUrl).pathname] });
    if (nothingWasSent(error)) {
      throw new BridgeError('unavailable', `Slack cannot be reached: ${cause.message}`, { cause });
    }
    throw new BridgeError('uncertain', `Slack did not answer, so this may have happened: ${cause.message}`, {
      cause,
    });
  }
  if (answer.status !== 200) throw webhookError(answer.status, answer.words, answer.retryAfter);
  return { ...thread, platformId: nonce };
};

const NOTIFICATION_LENGTH = 400;

const wordsOf = ({ markup, plain }: Part, plainly: boolean): object =>
  plainly
    ? { text: escapeMarkup(plain) }
    : { text: escapeMarkup(shortened(plain, NOTIFICATION_LENGTH)), blocks: JSON.parse(markup) as object[] };
