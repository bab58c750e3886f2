import { createHmac } from 'node:crypto';
import { SECRET, type World } from './world.js';

export interface Proof {
  readonly secret?: string;
  /** Unix time in seconds, as it stands in the header. */
  readonly timestamp?: string;
  readonly contentType?: string;
}

const json = 'application/json';

/** @see https://core.telegram.org/bots/api#setwebhook */
export const telegramHeaders = ({ secret = SECRET, contentType = json }: Proof = {}) => ({
  'content-type': contentType,
  'x-telegram-bot-api-secret-token': secret,
});

export const secondsAgo = (seconds: number): string => String(Math.floor(Date.now() / 1000) - seconds);

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const slackHeaders = (
  { slack }: World,
  body: string | Uint8Array,
  { secret = slack.signingSecret, timestamp = secondsAgo(0), contentType = json }: Proof = {},
) => {
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return {
    'content-type': contentType,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${mac}`,
  };
};

/** Headers with which a body counts as the platform's own. */
export const proven = (
  world: World,
  platform: 'telegram' | 'slack',
  body: string | Uint8Array,
  proof: Proof = {},
) => (platform === 'telegram' ? telegramHeaders(proof) : slackHeaders(world, body, proof));
