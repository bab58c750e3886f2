import type { MessageRef, ThreadRef } from '@pocketping/core';
import type { SlackEmulator, SlackLive, SlackSeen } from '@pocketping/emulators';
import {
  emulatedFaults,
  type Live,
  type PlatformProbe,
  type Reading,
  type SeenMessage,
  type SeverableFetch,
  severableFetch,
} from '@pocketping/testing';

/** A way to Slack on which the next post can meet a closed door. */
export const severable = () => severableFetch((url) => /chat\.postMessage$|\/services\//.test(url));

/** The emulator's channel, as people see it: a thread for each conversation. */
export const channelProbe = (slack: SlackEmulator, line: SeverableFetch): PlatformProbe => {
  const chatId = slack.channelId;
  const ada = slack.operator({ name: 'Ada' });
  const refOf = ({ ts, threadTs }: SlackSeen): MessageRef => ({
    chatId,
    platformId: ts,
    ...(threadTs === undefined ? {} : { threadId: threadTs }),
  });
  const parents = () => slack.messages().filter(({ from, deleted }) => from.isBot && !deleted);
  return {
    ...accidents(slack, line, ['chat.postMessage', 'files.completeUploadExternal']),
    disorder: {
      deliverTimes: (times) => slack.deliverTimes(times),
      replay: () => {
        for (const event of slack.events()) slack.replay(event);
      },
      reverse: (count) => slack.reorder(count),
    },
    operator: { id: ada.user.id, name: 'Ada' },
    threads: async () => parents().map(({ ts }) => ({ chatId, threadId: ts })),
    thread: async ({ threadId }) => {
      const parent = parents().find(({ ts }) => ts === threadId);
      if (!parent) return null;
      return { title: parent.text, closed: parent.reactions.some(({ name }) => name === 'lock') };
    },
    messages: async ({ threadId }) =>
      slack.thread(threadId).map((message) => ({
        ref: refOf(message),
        text: message.text,
        ours: message.from.isBot,
        ...receiptOf(message),
        ...fileOf(slack, message),
      })),
    readings: async () =>
      parents().flatMap((parent) => [parent, ...slack.thread(parent.ts)].flatMap(readingsOf)),
    mention: `@${slack.botName}`,
    write: async ({ threadId }, text) => refOf(ada.type(threadId, text)),
    files: {
      send: async ({ threadId }, { name, mimeType, bytes }, caption) =>
        refOf(ada.share(threadId, { name, type: mimeType, bytes: new Uint8Array(bytes) }, caption)),
    },
    edit: async ({ platformId }, text) => {
      ada.edit(platformId, text);
    },
    remove: async ({ platformId }) => ada.delete(platformId),
    removeThread: async ({ threadId }) => slack.deleteThread(threadId),
  };
};

const fileOf = (slack: SlackEmulator, { files: [file] }: SlackSeen): Pick<SeenMessage, 'file'> =>
  file
    ? {
        file: {
          name: file.name,
          bytes: new Uint8Array(slack.fileBytes(file.id)),
          picture: file.type.startsWith('image/'),
        },
      }
    : {};

const readingsOf = ({ from, readings }: SlackSeen): Reading[] =>
  from.isBot ? readings.map(({ text, live }) => ({ text, live: live.map(liveOf) })) : [];

const liveOf = ({ kind, text, address }: SlackLive): Live => ({
  kind,
  text,
  ...(address !== undefined && { address }),
});

/** What stands beside a message of how far it has come. */
const receiptOf = ({ reactions }: SlackSeen): Pick<SeenMessage, 'receipt'> => {
  const shows = (name: string) => reactions.some((reaction) => reaction.name === name);
  if (shows('eyes')) return { receipt: 'read' };
  return shows('heavy_check_mark') ? { receipt: 'delivered' } : {};
};

/** The channel of the emulator's incoming webhook, in which conversations stand side by side. */
export const webhookProbe = (slack: SlackEmulator, line: SeverableFetch): PlatformProbe => {
  const ada = slack.operator({ name: 'Ada' });
  const seenOf = (message: SlackSeen): SeenMessage => ({
    ref: { chatId: 'webhook', platformId: message.ts },
    heading: HEADING.exec(message.text)?.[0] ?? '',
    text: message.text.replace(HEADING, '').replace(/^\n/, ''),
    ours: true,
  });
  const refused = () => Promise.reject(new Error('nothing is heard here'));
  return {
    ...accidents(slack, line, ['incoming-webhook']),
    operator: { id: ada.user.id, name: 'Ada' },
    threads: async () => [],
    thread: async () => ({}),
    messages: async (thread) =>
      slack
        .messages()
        .map(seenOf)
        .filter(({ heading }) => heading?.endsWith(tagOf(thread))),
    readings: async () => slack.messages().flatMap(readingsOf),
    write: refused,
    edit: refused,
    remove: refused,
    removeThread: refused,
  };
};

/** E.g. `👤 Ada #c7k3f9`. */
const HEADING = /^\S+ .* #c\w+(?=\n|$)/;

const tagOf = ({ threadId }: ThreadRef): string => `#c${threadId.slice(-5)}`;

const accidents = (
  slack: SlackEmulator,
  { sever }: SeverableFetch,
  method: readonly string[],
): Pick<PlatformProbe, 'fail' | 'unconfirmed' | 'close'> => ({
  fail: emulatedFaults(slack, { method, refusal: { description: 'invalid_blocks' }, sever }),
  unconfirmed: async () => slack.pendingEvents,
  close: () => slack.close(),
});
