import { type PhoneMessage, type TelegramCall, TelegramEmulator } from '@pocketping/emulators';
import type { App, SeenCall, SeenMessage } from './app.js';
import { type CallNames, callNamed, isUnheard } from './calls.js';
import { ownerOf, Threads, type Whose } from './threads.js';
import { troubling } from './troubling.js';

const METHODS: CallNames = {
  post: ['sendMessage', 'sendDocument', 'sendPhoto'],
  edit: ['editMessageText'],
  remove: ['deleteMessage'],
  open: ['createForumTopic'],
};

/** Telegram takes markup that it cannot read for nothing else. */
const REFUSAL = "Bad Request: can't parse entities: Unsupported start tag at byte offset 0";

export const telegramApp = async (seed: number, whose: Whose): Promise<App> => {
  const telegram = await TelegramEmulator.start({ title: 'Team', seed });
  const topicIds = () => telegram.topics().map(({ id }) => String(id));
  const threads = new Threads(topicIds, (topic) => ownerOf(postsIn(telegram.messages(Number(topic))), whose));
  const person = (name: string) => telegram.operator({ name });
  const { botToken, forumChatId, apiRoot } = telegram;
  return {
    name: 'telegram',
    chatId: forumChatId,
    settings: { botToken, forumChatId, apiRoot },
    threadOf: (sessionId) => threads.newestOf(sessionId),
    type: (who, topic, text, replyTo) =>
      String(
        person(who).type(Number(topic), text, replyTo === undefined ? {} : { replyTo: Number(replyTo) }).id,
      ),
    send: (who, topic, caption, file, replyTo) =>
      String(
        person(who).sendFile(Number(topic), file, {
          caption,
          ...(replyTo !== undefined && { replyTo: Number(replyTo) }),
        }).id,
      ),
    edit: (who, _, id, text) => person(who).edit(Number(id), text),
    // Bots are not told of deletions: whoever wants the visitor to see it asks the bot first.
    erase: (who, topic, id) => {
      person(who).type(Number(topic), '/delete', { replyTo: Number(id) });
      person(who).delete(Number(id));
    },
    command: (who, topic, name, args = '') =>
      String(person(who).type(Number(topic), `/${name} ${args}`.trim()).id),
    stands: (id) => telegram.message(Number(id))?.deleted === false && isThere(telegram, Number(id)),
    idOf: (who) => String(person(who).user.id),
    threads: () =>
      telegram.topics().map(({ id, closed }) => ({
        id: String(id),
        closed,
        sessionId: threads.sessionOf(String(id)),
        messages: telegram
          .messages(id)
          .filter(isSaid)
          .map((message) => seen(telegram, message)),
      })),
    lose: (topic) => telegram.deleteTopic(Number(topic)),
    losesWords: false,
    strike: (fault, call) =>
      telegram.fault({
        ...fault,
        description: REFUSAL,
        ...(call !== 'any' && { method: METHODS[call] }),
      }),
    editFirst: () => telegram.editFirst(),
    trouble: troubling(telegram, {
      again: () => {
        for (const { update_id } of telegram.updates().slice(-5)) telegram.replay(update_id);
      },
    }),
    calls: () => telegram.calls.map(callOf),
    telling: 0,
    untoldDeletions: [],
    isHeard: true,
    close: () => telegram.close(),
  };
};

const isThere = (telegram: TelegramEmulator, id: number): boolean => {
  const topic = telegram.message(id)?.topicId;
  return topic !== undefined && telegram.topic(topic)?.deleted === false;
};

const postsIn = (messages: readonly PhoneMessage[]): string[] =>
  messages.flatMap(({ from, text }) => (from.isBot ? [text] : []));

const isSaid = ({ type, file }: PhoneMessage): boolean => type === 'text' || file !== undefined;

const seen = (telegram: TelegramEmulator, { id, from, text, replyTo, file }: PhoneMessage): SeenMessage => ({
  id: String(id),
  byBot: from.isBot,
  text,
  ...(replyTo && { replyTo: String(replyTo.id) }),
  ...(file && { file: { name: file.name, bytes: () => telegram.fileBytes(file.id) } }),
});

const callOf = ({ method, params, at, faults = [] }: TelegramCall): SeenCall => ({
  call: callNamed(METHODS, method),
  thread: String(params.message_thread_id ?? ''),
  text: String(params.text ?? params.caption ?? ''),
  at,
  faults,
  unheard: isUnheard(faults),
});
