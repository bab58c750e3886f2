import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '@pocketping/core';

/** A request as Slack sends it. */
export const signed = (signingSecret: string, body: string): WebhookRequest & { readonly body: string } => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` },
    body,
  };
};
