import { isSameSecret, type WebhookRequest } from '@pocketping/core';
import { derivedFrom } from '@pocketping/core/bridging';

/** With what Telegram proves itself, unless the bot's owner chose a secret. */
export const webhookSecret = (botToken: string): string => derivedFrom(botToken, 'webhook');

/** Whether a request carries the secret that Telegram was told. @see https://core.telegram.org/bots/api#setwebhook */
export const isGenuine = ({ headers }: Pick<WebhookRequest, 'headers'>, secret: string): boolean => {
  const given = headers['x-telegram-bot-api-secret-token'];
  return typeof given === 'string' && isSameSecret(given, secret);
};
