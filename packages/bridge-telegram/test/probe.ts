import type { MessageRef, ThreadRef } from '@pocketping/core';
import type { MessageEntity, PhoneFile, PhoneMessage, TelegramEmulator } from '@pocketping/emulators';
import {
  emulatedFaults,
  type Live,
  type PlatformProbe,
  type Reading,
  type SeenFile,
  type SeenMessage,
} from '@pocketping/testing';

/** The calls that post something. */
const SENDING = ['sendMessage', 'sendPhoto', 'sendAnimation', 'sendDocument'];

type Line = ReturnType<typeof severable>;

/** A way to Telegram on which the next message can meet a closed door. */
export const severable = () => {
  let severed = false;
  return {
    sever: () => {
      severed = true;
    },
    buildUrl: (root: string, token: string, method: string): string => {
      const closed = severed && SENDING.includes(method);
      if (closed) severed = false;
      return `${closed ? 'http://127.0.0.1:1' : root}/bot${token}/${method}`;
    },
  };
};

/** The emulator's forum, as people see it. */
export const forumProbe = (telegram: TelegramEmulator, line: Line): PlatformProbe => {
  const chatId = telegram.forumChatId;
  const ada = telegram.operator({ name: 'Ada' });
  const refOf = ({ id, topicId }: PhoneMessage): MessageRef => ({
    chatId,
    threadId: String(topicId),
    platformId: String(id),
  });
  return {
    ...accidents(telegram, line),
    operator: { id: String(ada.user.id), name: 'Ada' },
    threads: async () => telegram.topics().map(({ id }) => ({ chatId, threadId: String(id) })),
    thread: async ({ threadId }) => {
      const topic = telegram.topics().find(({ id }) => String(id) === threadId);
      if (!topic) return null;
      return { title: topic.title, closed: topic.closed, typing: isTyping(telegram, chatId) };
    },
    messages: async ({ threadId }) =>
      telegram
        .messages(Number(threadId))
        .filter(isSaid)
        .map((message) => ({ ref: refOf(message), text: message.text, ...shown(telegram, message) })),
    readings: async () => [
      ...telegram.topics().map(({ title }) => ({ text: title, live: [] })),
      ...telegram.topics().flatMap(({ id }) => telegram.messages(id).flatMap(readingOf)),
    ],
    mention: MENTION,
    write: async ({ threadId }, text, { replyTo } = {}) =>
      refOf(ada.type(Number(threadId), text, { replyTo: replyTo && Number(replyTo.platformId) })),
    edit: async ({ platformId }, text) => {
      ada.edit(Number(platformId), text);
    },
    files: {
      send: async ({ threadId }, file, caption) => refOf(ada.sendFile(Number(threadId), file, { caption })),
    },
    remove: async ({ platformId }) => ada.delete(Number(platformId)),
    removeThread: async ({ threadId }) => telegram.deleteTopic(Number(threadId)),
  };
};

/** What the emulator's bot is called. */
const MENTION = '@pocketping_bot';

/** A chat of the emulator that conversations share, as people see it. */
export const sharedProbe = (telegram: TelegramEmulator, line: Line, chatId: string): PlatformProbe => {
  const chat = telegram.chat(chatId);
  const ada = telegram.operator({ name: 'Ada' }).in(chatId);
  const refOf = ({ id }: PhoneMessage): MessageRef => ({ chatId, platformId: String(id) });
  const isOf = (message: PhoneMessage, thread: ThreadRef): boolean => {
    if (message.from.isBot && HEADING.test(message.text)) return headingOf(message).endsWith(tagOf(thread));
    const target = message.replyTo && chat.message(message.replyTo.id);
    return target !== undefined && isOf(target, thread);
  };
  const messagesOf = (thread: ThreadRef) =>
    chat.messages().filter((message) => isSaid(message) && isOf(message, thread));
  const newestOf = (thread: ThreadRef) => messagesOf(thread).findLast(({ from }) => from.isBot)?.id;
  return {
    ...accidents(telegram, line),
    operator: { id: String(ada.user.id), name: 'Ada' },
    threads: async () => [],
    thread: async () => ({ typing: isTyping(telegram, chatId) }),
    messages: async (thread) =>
      messagesOf(thread).map((message) => ({
        ref: refOf(message),
        ...(message.from.isBot && HEADING.test(message.text) && { heading: headingOf(message) }),
        text: message.from.isBot ? bodyOf(message) : message.text,
        ...shown(telegram, message),
      })),
    readings: async () => chat.messages().flatMap(readingOf),
    mention: MENTION,
    write: async (thread, text, { replyTo } = {}) => {
      return refOf(ada.say(text, { replyTo: replyTo ? Number(replyTo.platformId) : newestOf(thread) }));
    },
    files: {
      send: async (thread, file, caption) =>
        refOf(ada.sendFile(GENERAL, file, { caption, replyTo: newestOf(thread) })),
    },
    edit: async ({ platformId }, text) => {
      ada.edit(Number(platformId), text);
    },
    remove: async ({ platformId }) => ada.delete(Number(platformId)),
    removeThread: () => Promise.reject(new Error('there are no threads here')),
  };
};

/** What somebody said, other than what Telegram tells of itself. */
const isSaid = ({ type, file }: PhoneMessage): boolean => type === 'text' || file !== undefined;

/** The one flow of a chat without topics. */
const GENERAL = 1;

const shown = (
  telegram: TelegramEmulator,
  message: PhoneMessage,
): Pick<SeenMessage, 'ours' | 'replyTo' | 'receipt' | 'file'> => ({
  ours: message.from.isBot,
  ...(message.file && { file: seenFile(telegram, message.file) }),
  ...(message.replyTo ? { replyTo: String(message.replyTo.id) } : {}),
  ...receiptOf(message),
});

const receiptOf = ({ reactions }: PhoneMessage): Pick<SeenMessage, 'receipt'> => {
  if (reactions.includes('👀')) return { receipt: 'read' };
  return reactions.includes('👍') ? { receipt: 'delivered' } : {};
};

const seenFile = (telegram: TelegramEmulator, { id, name, isPhoto }: PhoneFile): SeenFile => ({
  ...(name === undefined ? {} : { name }),
  bytes: new Uint8Array(telegram.fileBytes(id)),
  picture: isPhoto,
});

/** Titles are text and nothing else; what Telegram itself tells of them is not the bridge's. */
const readingOf = (message: PhoneMessage): Reading[] => {
  const { from, text, entities } = message;
  return from.isBot && isSaid(message)
    ? [{ text, live: entities.map((entity) => liveOf(entity, text)) }]
    : [];
};

/** @see https://core.telegram.org/bots/api#messageentity */
const liveOf = ({ type, offset, length, url }: MessageEntity, whole: string): Live => {
  const text = whole.slice(offset, offset + length);
  switch (type) {
    case 'mention':
    case 'text_mention':
      return { kind: 'mention', text };
    case 'bot_command':
      return { kind: 'command', text };
    case 'hashtag':
    case 'cashtag':
      return { kind: 'tag', text };
    case 'url':
    case 'email':
      return { kind: 'link', text, address: text };
    case 'text_link':
      return { kind: 'link', text, address: url ?? '' };
    default:
      return { kind: 'style', text, style: type };
  }
};

/** E.g. `👤 Ada #c7k3f9`. */
const HEADING = /^\S+ .* #c\w+(?=\n|$)/;

const headingOf = ({ text }: PhoneMessage): string => HEADING.exec(text)?.[0] ?? '';

/** What stands below the heading, without the line that a post without markup ends with. */
const bodyOf = ({ text }: PhoneMessage): string =>
  text
    .replace(HEADING, '')
    .replace(/^\n/, '')
    .replace(/\n?🆔 \S+$/, '');

const tagOf = ({ threadId }: ThreadRef): string => `#c${threadId.slice(-5)}`;

const isTyping = (telegram: TelegramEmulator, chatId: string): boolean => {
  const last = (named: string) =>
    telegram.calls.findLastIndex(
      ({ method, params }) => method === named && JSON.stringify(params).includes(chatId),
    );
  return last('sendChatAction') > last('setMyCommands');
};

const accidents = (
  telegram: TelegramEmulator,
  { sever }: Line,
): Pick<PlatformProbe, 'fail' | 'unconfirmed' | 'disorder' | 'close'> => ({
  fail: emulatedFaults(telegram, {
    method: SENDING,
    refusal: { description: "Bad Request: can't parse entities" },
    sever,
  }),
  unconfirmed: async () => {
    const answer = await fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getWebhookInfo`);
    const { result } = (await answer.json()) as { result: { pending_update_count: number } };
    return result.pending_update_count;
  },
  disorder: {
    deliverTimes: (times) => telegram.deliverTimes(times),
    replay: () => {
      for (const { update_id } of telegram.updates()) telegram.replay(update_id);
    },
    reverse: (count) => telegram.reorder(count),
  },
  close: () => telegram.close(),
});
