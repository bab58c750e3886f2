import type { MessageRef, ThreadRef } from '@pocketping/core';
import { type PhoneMessage, TelegramEmulator } from '@pocketping/emulators';
import { bridgeContract, type PlatformFault, type PlatformProbe } from '@pocketping/testing';
import { Api } from 'grammy';
import { TelegramBridge } from '../src/index.js';

bridgeContract({
  name: 'TelegramBridge',
  create: async () => {
    const telegram = await TelegramEmulator.start();
    const line = severable();
    const bridge = new TelegramBridge({
      botToken: telegram.botToken,
      forumChatId: telegram.forumChatId,
      apiRoot: telegram.apiRoot,
      client: { buildUrl: line.buildUrl },
    });
    return { bridge, platform: probe(telegram, line.sever) };
  },
});

/** A way to Telegram on which the next message can meet a closed door. */
const severable = () => {
  let severed = false;
  return {
    sever: () => {
      severed = true;
    },
    buildUrl: (root: string, token: string, method: string): string => {
      const closed = severed && method === 'sendMessage';
      if (closed) severed = false;
      return `${closed ? 'http://127.0.0.1:1' : root}/bot${token}/${method}`;
    },
  };
};

const probe = (telegram: TelegramEmulator, sever: () => void): PlatformProbe => {
  const api = new Api(telegram.botToken, { apiRoot: telegram.apiRoot });
  const chatId = telegram.forumChatId;
  const ada = telegram.operator({ name: 'Ada' });
  const refOf = ({ id, topicId }: PhoneMessage): MessageRef => ({
    chatId,
    threadId: String(topicId),
    platformId: String(id),
  });
  return {
    operator: { id: String(ada.user.id), name: 'Ada' },
    threads: async () => telegram.topics().map(({ id }) => ({ chatId, threadId: String(id) })),
    thread: async ({ threadId }) => {
      const topic = telegram.topics().find(({ id }) => String(id) === threadId);
      return topic
        ? { title: topic.title, closed: topic.closed, typing: isTyping(telegram, threadId) }
        : null;
    },
    messages: async ({ threadId }: ThreadRef) =>
      telegram
        .messages(Number(threadId))
        .filter(({ type }) => type === 'text')
        .map((message) => ({
          ref: refOf(message),
          text: message.text,
          ours: message.from.isBot,
          ...(message.replyTo ? { replyTo: String(message.replyTo.id) } : {}),
        })),
    write: async ({ threadId }, text, { replyTo } = {}) =>
      refOf(ada.type(Number(threadId), text, { replyTo: replyTo && Number(replyTo.platformId) })),
    edit: async ({ platformId }, text) => {
      ada.edit(Number(platformId), text);
    },
    remove: async ({ platformId }) => ada.delete(Number(platformId)),
    removeThread: async ({ threadId }) => telegram.deleteTopic(Number(threadId)),
    fail: async (fault) => strike(telegram, fault, sever),
    unconfirmed: async () => (await api.getWebhookInfo()).pending_update_count,
    close: () => telegram.close(),
  };
};

const strike = (telegram: TelegramEmulator, fault: PlatformFault, sever: () => void): void => {
  const method = 'sendMessage';
  switch (fault.kind) {
    case 'rate_limited':
      telegram.fault({ kind: 'rate_limit', method, retryAfter: fault.retryAfterMs / 1000 });
      break;
    case 'uncertain':
      telegram.fault({ kind: 'timeout_after', method, delayMs: 10 });
      break;
    case 'unavailable':
      sever();
      break;
    case 'unauthorized':
      telegram.fault({ kind: 'unauthorized', method });
      break;
    case 'invalid':
      telegram.fault({ kind: 'refuse', method, description: "Bad Request: can't parse entities" });
      break;
    case 'silent':
      telegram.fault({ kind: 'timeout_before', method });
  }
};

const isTyping = (telegram: TelegramEmulator, threadId: string): boolean =>
  telegram.calls.some(
    ({ method, params }) => method === 'sendChatAction' && String(params.message_thread_id) === threadId,
  );
