import type { TelegramBridgeOptions } from '@pocketping/bridge-telegram';
import { telegramVariables } from '../variables/index.js';
import { needs } from './needs.js';
import type { Environment } from './problem.js';
import type { Section } from './settings.js';
import { readValues } from './values.js';

/** Where Telegram calls us, below the public address. */
const TELEGRAM_WEBHOOK_PATH = '/webhooks/telegram';

export const readTelegram = (
  env: Environment,
  publicUrl: string | undefined,
): Section<TelegramBridgeOptions> => {
  const { values, set, problems, secrets } = readValues('telegram', telegramVariables, env);
  const found: string[] = [];
  const { botToken, forumChatId, chatIds, showUrl, showMetadata, apiRoot } = values;
  if (set.size === 0) return { options: undefined, problems, secrets };
  if (!set.has('botToken')) found.push(needs(telegramVariables, set, 'TELEGRAM_BOT_TOKEN'));
  else if (!set.has('forumChatId') && !set.has('chatIds'))
    found.push(
      'TELEGRAM_BOT_TOKEN is set, but no chat is: set TELEGRAM_FORUM_CHAT_ID to the id of the group with topics in which the team answers (-100…), or TELEGRAM_CHAT_ID to the id of a chat without.',
    );
  if (set.has('forumChatId') && set.has('chatIds'))
    found.push(
      'TELEGRAM_FORUM_CHAT_ID and TELEGRAM_CHAT_ID are both set: set the first for a group with topics, or the second for chats without.',
    );
  if (chatIds?.length === 0) found.push('TELEGRAM_CHAT_ID has commas, but no id: write one, or remove it.');
  if (values.webhook && publicUrl === undefined)
    found.push(
      'TELEGRAM_WEBHOOK is on, but PUBLIC_URL is not set: set it to the https address under which Telegram reaches this server, or TELEGRAM_WEBHOOK to off.',
    );
  if (set.has('webhookSecret') && !values.webhook)
    found.push(
      'TELEGRAM_WEBHOOK_SECRET is set, but TELEGRAM_WEBHOOK is not on: nobody would ask for it. Set that too, or remove the secret.',
    );
  const options: TelegramBridgeOptions = {
    botToken,
    ...(forumChatId === undefined ? { chatIds } : { forumChatId }),
    showUrl,
    showMetadata,
    apiRoot,
    webhook: values.webhook
      ? { url: `${publicUrl}${TELEGRAM_WEBHOOK_PATH}`, secret: values.webhookSecret }
      : undefined,
  };
  const all = [...problems, ...found.map((text) => ({ concerns: 'telegram', text }) as const)];
  return { options: all.length === 0 ? options : undefined, problems: all, secrets };
};
