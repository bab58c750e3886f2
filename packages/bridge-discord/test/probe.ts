import type { Bridge, BridgeHost, Inbound, MessageRef, ThreadRef } from '@pocketping/core';
import type { DiscordEmulator, DiscordMessage } from '@pocketping/emulators';
import {
  emulatedFaults,
  type Live,
  type PlatformProbe,
  type Reading,
  type SeenMessage,
  type SentFile,
  type SeverableFetch,
  severableFetch,
} from '@pocketping/testing';

/** A way to Discord on which the next message can meet a closed door. */
export const severable = () =>
  severableFetch(
    (url, init) => init?.method === 'POST' && /\/(?:messages|webhooks\/\d+\/[\w-]+)(?:\?|$)/.test(url),
  );

/** Discord waits for no confirmation: what a bridge was told counts as open until its host took it. */
const confirmations = (bridge: Bridge) => {
  const open = new Set<string>();
  const start = bridge.start.bind(bridge);
  bridge.start = (host: BridgeHost) =>
    start({
      ...host,
      receive: async (inbound) => {
        await host.receive(inbound);
        open.delete(keyOf(inbound));
      },
    });
  return {
    open,
    did: (what: 'message' | 'edit' | 'delete', id: string) => open.add(`${what} ${id}`),
  };
};

const keyOf = ({ kind, ref }: Inbound): string =>
  `${kind === 'command' ? 'message' : kind} ${ref.platformId}`;

/** What a person changes of what stands there. */
const changes = (
  ada: ReturnType<DiscordEmulator['operator']>,
  told: ReturnType<typeof confirmations>,
): Pick<PlatformProbe, 'edit' | 'remove'> => ({
  edit: async ({ platformId }, text) => {
    ada.edit(platformId, text);
    told.did('edit', platformId);
  },
  remove: async ({ platformId }) => {
    ada.delete(platformId);
    told.did('delete', platformId);
  },
});

/** The emulator's threads, as people see them. */
export const threadProbe = (
  discord: DiscordEmulator,
  line: SeverableFetch,
  bridge: Bridge,
): PlatformProbe => {
  const { channelId: chatId } = discord;
  const ada = discord.operator('Ada');
  const told = confirmations(bridge);
  const refOf = ({ id, channelId }: DiscordMessage): MessageRef => ({
    chatId,
    threadId: channelId,
    platformId: id,
  });
  return {
    ...accidents(discord, line, 'POST /channels/{channel}/messages'),
    operator: { id: ada.id, name: 'Ada' },
    unconfirmed: async () => told.open.size,
    threads: async () => discord.threads().map(({ id }) => ({ chatId, threadId: id })),
    thread: async ({ threadId }) => {
      const thread = discord.thread(threadId);
      if (!thread || thread.deleted) return null;
      return { title: thread.title, closed: thread.archived, typing: isTyping(discord, threadId) };
    },
    // A forum does not let a thread begin without a message, which has the thread's id.
    messages: async ({ threadId }) =>
      Promise.all(
        discord
          .messages(threadId)
          .filter(({ id, type }) => type === 'text' && id !== threadId)
          .map(async (message) => ({
            ref: refOf(message),
            text: textOf(message),
            ...shown(message),
            ...(await fileOf(message)),
          })),
      ),
    readings: async () =>
      discord
        .threads()
        .flatMap(({ id, title }) => [{ text: title, live: [] }, ...discord.messages(id).flatMap(readingsOf)]),
    mention: `<@${discord.botId}>`,
    write: async ({ threadId }, text, { replyTo } = {}) => {
      const written = ada.type(threadId, text, { replyTo: replyTo?.platformId });
      told.did('message', written.id);
      return refOf(written);
    },
    files: {
      send: async ({ threadId }, file, caption) => {
        const sent = ada.sendFile(threadId, shared(file), caption);
        told.did('message', sent.id);
        return refOf(sent);
      },
    },
    ...changes(ada, told),
    removeThread: async ({ threadId }) => ada.deleteThread(threadId),
  };
};

/** A channel of the emulator that conversations share, as people see it. */
export const sharedProbe = (
  discord: DiscordEmulator,
  line: SeverableFetch,
  bridge: Bridge,
  route = 'POST /channels/{channel}/messages',
  chatId = discord.channelId,
): PlatformProbe => {
  const channelId = discord.channelId;
  const ada = discord.operator('Ada');
  const told = confirmations(bridge);
  const refOf = ({ id }: DiscordMessage): MessageRef => ({ chatId, platformId: id });
  const isOf = (message: DiscordMessage, thread: ThreadRef): boolean => {
    if (message.from.isBot && HEADING.test(message.text)) return headingOf(message).endsWith(tagOf(thread));
    const target = message.replyTo && discord.message(message.replyTo.id);
    return target !== undefined && isOf(target, thread);
  };
  const messagesOf = (thread: ThreadRef) =>
    discord.messages(channelId).filter((message) => message.type === 'text' && isOf(message, thread));
  return {
    ...accidents(discord, line, route),
    operator: { id: ada.id, name: 'Ada' },
    unconfirmed: async () => told.open.size,
    threads: async () => [],
    thread: async () => ({ typing: isTyping(discord, channelId) }),
    messages: async (thread) =>
      Promise.all(
        messagesOf(thread).map(async (message) => ({
          ref: refOf(message),
          ...(message.from.isBot && HEADING.test(message.text) && { heading: headingOf(message) }),
          text: message.from.isBot ? bodyOf(message) : message.text,
          ...shown(message),
          ...(await fileOf(message)),
        })),
      ),
    readings: async () => discord.messages(channelId).flatMap(readingsOf),
    mention: `<@${discord.botId}>`,
    write: async (thread, text, { replyTo } = {}) => {
      const newest = messagesOf(thread).findLast(({ from }) => from.isBot)?.id;
      const written = ada.type(channelId, text, { replyTo: replyTo ? replyTo.platformId : newest });
      told.did('message', written.id);
      return refOf(written);
    },
    files: {
      send: async (thread, file, caption) => {
        const newest = messagesOf(thread).findLast(({ from }) => from.isBot)?.id;
        const sent = ada.sendFiles(channelId, [shared(file)], caption, { replyTo: newest });
        told.did('message', sent.id);
        return refOf(sent);
      },
    },
    ...changes(ada, told),
    removeThread: () => Promise.reject(new Error('there are no threads here')),
  };
};

const shared = ({ name, mimeType, bytes }: SentFile) => ({
  name,
  type: mimeType,
  bytes: new Uint8Array(bytes),
});

const fileOf = async ({ files: [file] }: DiscordMessage): Promise<Pick<SeenMessage, 'file'>> => {
  if (!file) return {};
  const bytes = new Uint8Array(await (await fetch(file.url)).arrayBuffer());
  return { file: { name: file.name, bytes, picture: file.type.startsWith('image/') } };
};

const shown = (message: DiscordMessage): Pick<SeenMessage, 'ours' | 'replyTo'> => ({
  ours: message.from.isBot,
  ...(message.replyTo ? { replyTo: message.replyTo.id } : {}),
  ...receiptOf(message),
});

const receiptOf = ({ reactions }: DiscordMessage): Pick<SeenMessage, 'receipt'> => {
  if (reactions.includes('👀')) return { receipt: 'read' };
  return reactions.includes('✅') ? { receipt: 'delivered' } : {};
};

const textOf = ({ text, embeds }: DiscordMessage): string =>
  [text, ...embeds.map(({ description }) => description?.text ?? '')].filter(Boolean).join('\n');

/** The words, each text of its cards, and whom it rings. */
const readingsOf = ({ from, type, text, entities, mentions, embeds }: DiscordMessage): Reading[] => {
  if (!from.isBot || type !== 'text') return [];
  const shown = [
    { text, entities },
    ...embeds.flatMap(({ title, description }) => [title, description].filter((each) => each !== undefined)),
  ];
  const rung = mentions.map((mention): Live => ({ kind: 'mention', text: mention }));
  return [
    ...shown.map((each) => ({
      text: each.text,
      live: each.entities.map((entity) => liveOf(entity, each.text)),
    })),
    ...embeds.map(({ footer = '' }) => ({ text: footer, live: [] })),
    { text, live: rung },
  ];
};

const liveOf = ({ type, offset, length, url }: DiscordMessage['entities'][number], whole: string): Live => {
  const text = whole.slice(offset, offset + length);
  if (type === 'mention') return { kind: 'mention', text };
  if (type === 'url') return { kind: 'link', text, address: text };
  if (type === 'text_link') return { kind: 'link', text, address: url ?? '' };
  return { kind: 'style', text, style: type };
};

/** E.g. `👤 Ada #c7k3f9`. */
const HEADING = /^\S+ .* #c\w+(?=\n|$)/;

const headingOf = ({ text }: DiscordMessage): string => HEADING.exec(text)?.[0] ?? '';

/** What stands below the heading, without the line that a post without markup ends with. */
const bodyOf = (message: DiscordMessage): string =>
  textOf(message)
    .replace(HEADING, '')
    .replace(/^\n/, '')
    .replace(/\n?🆔 \S+$/, '');

const tagOf = ({ threadId }: ThreadRef): string => `#c${threadId.slice(-5)}`;

const isTyping = (discord: DiscordEmulator, channelId: string): boolean =>
  discord.calls.some(({ path }) => path === `/channels/${channelId}/typing`);

const accidents = (
  discord: DiscordEmulator,
  { sever }: SeverableFetch,
  method: string,
): Pick<PlatformProbe, 'fail' | 'disorder' | 'close'> => ({
  fail: emulatedFaults(discord, {
    method,
    refusal: { code: 50_035, description: 'Invalid Form Body' },
    sever,
  }),
  disorder: {
    deliverTimes: (times) => discord.deliverTimes(times),
    replay: () => {
      for (const frame of discord.gateway.frames())
        if (frame.includes('"t":"MESSAGE_')) discord.gateway.send(frame);
    },
    reverse: (count) => discord.reorder(count),
  },
  close: () => discord.close(),
});
