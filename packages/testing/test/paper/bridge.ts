import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Inbound,
  type MessageNote,
  type Note,
  type Part,
  typedCommand,
} from '@pocketping/core';
import {
  between,
  eventCount,
  eventJson,
  eventName,
  oneLine,
  readable,
  textOf as saidBy,
} from '@pocketping/core/rendering';
import type { PaperPlatform, Sheet } from './platform.js';

const PREFIX = '!';

/** What a platform on paper can do: everything; or it knows no replies; or nobody listens to it. */
export type Paper = 'full' | 'quoting' | 'silent';

/** The bridge to it. */
export const paperBridge = (platform: PaperPlatform, paper: Paper): Bridge => {
  const replies = paper === 'full';
  const silent = paper === 'silent';
  let host: BridgeHost | undefined;
  const { call } = { call: platform.call.bind(platform) };
  return {
    name: 'paper',
    commandPrefix: PREFIX,
    pacing: {},
    start: async (given) => {
      host = given;
      if (!silent)
        platform.listener = (sheet, edited) => given.receive(inboundOf(platform, sheet, edited, given));
    },
    stop: async () => {
      host = undefined;
      platform.listener = undefined;
    },
    open: (card, { signal }) =>
      call(signal, () => {
        const thread = { chatId: 'paper', threadId: card.sessionId };
        if (!platform.open.some(({ threadId }) => threadId === thread.threadId)) platform.open.push(thread);
        return thread;
      }),
    render: (note) => partsOf(note, replies),
    post: (thread, part, { signal, plain, replyTo }) =>
      call(signal, () => {
        const answered =
          replies && replyTo && platform.sheets.some(({ ref }) => ref.platformId === replyTo.platformId);
        const { ref } = platform.add(thread, {
          text: plain ? part.plain : part.markup,
          ours: true,
          ...(answered && { replyTo: replyTo.platformId }),
        });
        return ref;
      }),
    answer: (to, text, { signal }) =>
      call(signal, () => {
        const place = { chatId: to.chatId, threadId: to.threadId ?? '' };
        platform.add(place, { text: readable(text), ours: true, ...(replies && { replyTo: to.platformId }) });
      }),
    editing: {
      edit: (posted, part, { signal, plain }) =>
        call(signal, () => {
          platform.sheet(posted).text = plain ? part.plain : part.markup;
        }),
      remove: (posted, { signal }) => call(signal, () => platform.remove(posted)),
    },
    closing: {
      close: (thread, { signal }) => call(signal, () => void platform.closed.add(thread.threadId)),
      reopen: (thread, { signal }) => call(signal, () => void platform.closed.delete(thread.threadId)),
    },
    titles: {
      rename: (thread, { identity }, { signal }) =>
        call(signal, () => void platform.titles.set(thread.threadId, oneLine(identity?.name ?? ''))),
    },
    ...(!silent && {
      typing: { show: (thread, { signal }) => call(signal, () => void platform.typing.add(thread.threadId)) },
      receipts: {
        mark: (posted, state, { signal }) =>
          call(signal, () => {
            platform.sheet(posted).receipt = state;
          }),
      },
      catchUp: {
        async *since(after, { signal }) {
          await call(signal, () => {});
          if (!host) throw new BridgeError('unavailable', 'The bridge is not started.');
          for (const sheet of platform.sheets) {
            if (!sheet.ours && sheet.at > after) yield inboundOf(platform, sheet, false, host);
          }
        },
      },
    }),
  };
};

const inboundOf = (
  { operator }: PaperPlatform,
  sheet: Sheet,
  edited: boolean,
  { commands }: Pick<BridgeHost, 'commands'>,
): Inbound => {
  const { ref, at, text, version, replyTo } = sheet;
  const base = {
    operator,
    ref,
    at,
    ...(replyTo !== undefined && { replyTo: { ...ref, platformId: replyTo } }),
  };
  const command = typedCommand(text, PREFIX, commands);
  if (command && !edited) return { kind: 'command', ...base, ...command };
  const said = { ...base, content: text, version };
  return edited
    ? { kind: 'edit', ...said, sentAt: at, ...(command && { command }) }
    : { kind: 'message', ...said };
};

const LENGTH = 2000;

const partsOf = (note: Note, replies: boolean): Part[] => {
  const text = textOf(note, replies);
  const parts: Part[] = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + LENGTH, text.length);
    if (/[\uD800-\uDBFF]/.test(text[to - 1] ?? '')) to--;
    const piece = saidBy(between([{ text }], from, to));
    parts.push({ markup: piece, plain: piece });
    from = to;
  }
  return parts;
};

const textOf = (note: Note, replies: boolean): string => {
  const spoken = (message: MessageNote): string => {
    const { replyTo } = message;
    const quote =
      replyTo && !(replies && replyTo.native) ? `> ${hidden(replyTo)}${readable(replyTo.content)}\n` : '';
    return `${speaker(message)}${quote}${hidden(message)}${readable(message.content)}`;
  };
  switch (note.kind) {
    case 'message':
      return spoken(note);
    case 'messages':
      return note.messages.map(spoken).join('\n');
    case 'recap':
      return note.messages.map((quote) => `${hidden(quote)}${readable(quote.content)}`).join('\n');
    case 'notice':
      return readable(note.text);
    case 'event':
      return `⚡ ${eventName(note)}${eventCount(note)}\n${readable(eventJson(note) ?? '')}\n${note.sessionId}`;
    default:
      return note.kind;
  }
};

const speaker = ({ author: { kind, name = '', via = '' } }: MessageNote): string =>
  kind === 'visitor' ? '' : `${kind} ${oneLine(name)} ${oneLine(via)}: `;

const hidden = ({ audience }: Pick<MessageNote, 'audience'>): string =>
  audience === 'team' ? 'private: ' : '';
