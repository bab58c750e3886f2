import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isSameSecret, type WebhookRequest } from '@pocketping/core';
import { SIGNATURE_SECONDS } from './limits.js';

/**
 * Whether Slack signed a request, over its body as it came, within the last five minutes.
 * @param nowMs Unix time in milliseconds
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export const isGenuine = (
  { headers }: Pick<WebhookRequest, 'headers'>,
  rawBody: Uint8Array,
  signingSecret: string,
  nowMs: number,
): boolean => {
  const timestamp = headers['x-slack-request-timestamp'];
  const given = headers['x-slack-signature'];
  if (typeof timestamp !== 'string' || typeof given !== 'string' || !/^\d{1,12}$/.test(timestamp))
    return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SIGNATURE_SECONDS) return false;
  return isSameSecret(given, signatureOf(signingSecret, timestamp, rawBody));
};

const signatureOf = (signingSecret: string, timestamp: string, rawBody: Uint8Array): string => {
  const mac = hmac.create(sha256, encoder.encode(signingSecret));
  return `v0=${bytesToHex(
    mac
      .update(encoder.encode(`v0:${timestamp}:`))
      .update(rawBody)
      .digest(),
  )}`;
};

const encoder = new TextEncoder();
