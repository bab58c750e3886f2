import { invalidWebhookToken, threadArchived, unknownMessage, unknownWebhook } from '../errors.js';
import type { Guild } from '../guild.js';
import type { StoredMessage, StoredWebhook } from '../state.js';
import { messageObject } from '../wire.js';
import { wordsFrom } from './content.js';
import type { Route, RouteInput } from './route.js';

/** @see https://discord.com/developers/docs/resources/webhook */
export const webhookRoutes: readonly Route[] = [
  {
    name: 'GET /webhooks/{webhook}/{token}',
    open: true,
    run: ({ guild }, { at }) => {
      const { id, token, name, channelId } = webhookAt(guild, at);
      return {
        id,
        type: 1,
        guild_id: guild.id,
        channel_id: channelId,
        name,
        avatar: null,
        token,
        application_id: null,
      };
    },
  },
  {
    name: 'POST /webhooks/{webhook}/{token}',
    open: true,
    run: ({ guild }, { at, query, body }) => {
      const webhook = webhookAt(guild, at);
      const { username } = body;
      const message = guild.post({
        ...wordsFrom(body),
        channelId: webhook.channelId,
        authorId: guild.bot.id,
        webhookId: webhook.id,
        webhookName: typeof username === 'string' ? username : webhook.name,
      });
      return query.get('wait') === 'true' ? messageObject(guild, message) : undefined;
    },
  },
  {
    name: 'PATCH /webhooks/{webhook}/{token}/messages/{message}',
    open: true,
    run: ({ guild }, { at, body }) => {
      const message = ownMessage(guild, webhookAt(guild, at), at.message);
      if (guild.thread(message.channelId)?.archived) throw threadArchived();
      return messageObject(guild, guild.edit(message, wordsFrom(body, message)));
    },
  },
  {
    name: 'DELETE /webhooks/{webhook}/{token}/messages/{message}',
    open: true,
    run: ({ guild }, { at }) => guild.remove(ownMessage(guild, webhookAt(guild, at), at.message)),
  },
];

const webhookAt = (guild: Guild, { webhook: id, token }: RouteInput['at']): StoredWebhook => {
  const webhook = guild.webhooks.get(id ?? '');
  if (!webhook) throw unknownWebhook();
  if (webhook.token !== token) throw invalidWebhookToken();
  return webhook;
};

const ownMessage = (guild: Guild, webhook: StoredWebhook, id: string | undefined): StoredMessage => {
  const message = guild.message(id ?? '');
  if (message?.webhookId !== webhook.id) throw unknownMessage();
  return message;
};
