import { attach, attachedTo } from '../attachments.js';
import {
  invalidWebhookToken,
  threadArchived,
  threadLocked,
  threadMissing,
  unknownChannel,
  unknownMessage,
  unknownWebhook,
} from '../errors.js';
import type { Guild } from '../guild.js';
import { ChannelType, type StoredMessage, type StoredWebhook } from '../state.js';
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
    run: ({ guild }, { at, query, body, files }) => {
      const webhook = webhookAt(guild, at);
      const { username } = body;
      const attached = attachedTo(body, files);
      const message = guild.post({
        ...wordsFrom(body, undefined, attached.length > 0),
        attachments: attach(guild, attached),
        channelId: placeOf(guild, webhook, query),
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
    run: ({ guild }, { at, query, body }) => {
      const message = ownMessage(guild, webhookAt(guild, at), at.message, query);
      if (guild.thread(message.channelId)?.archived) throw threadArchived();
      return messageObject(
        guild,
        guild.edit(message, wordsFrom(body, message, message.attachments.length > 0)),
      );
    },
  },
  {
    name: 'DELETE /webhooks/{webhook}/{token}/messages/{message}',
    open: true,
    run: ({ guild }, { at, query }) => {
      const message = ownMessage(guild, webhookAt(guild, at), at.message, query);
      if (guild.thread(message.channelId)?.archived) throw threadArchived();
      guild.remove(message);
    },
  },
];

const webhookAt = (guild: Guild, { webhook: id, token }: RouteInput['at']): StoredWebhook => {
  const webhook = guild.webhooks.get(id ?? '');
  if (!webhook) throw unknownWebhook();
  if (webhook.token !== token) throw invalidWebhookToken();
  return webhook;
};

/** The webhook's channel, or the thread there that a request names; a post makes that active again. */
const placeOf = (guild: Guild, { channelId }: StoredWebhook, query: RouteInput['query']): string => {
  const threadId = query.get('thread_id');
  if (threadId === null) {
    if (guild.channels.get(channelId)?.type === ChannelType.forum) throw threadMissing();
    return channelId;
  }
  const thread = guild.thread(threadId);
  if (!thread || thread.parentId !== channelId) throw unknownChannel();
  if (thread.locked) throw threadLocked();
  if (thread.archived) guild.updateThread(thread, { archived: false });
  return threadId;
};

const ownMessage = (
  guild: Guild,
  webhook: StoredWebhook,
  id: string | undefined,
  query: RouteInput['query'],
): StoredMessage => {
  const message = guild.message(id ?? '');
  const place = query.get('thread_id') ?? webhook.channelId;
  if (message?.webhookId !== webhook.id || message.channelId !== place) throw unknownMessage();
  return message;
};
