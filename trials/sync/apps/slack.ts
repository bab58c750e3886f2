import { type SlackCall, SlackEmulator, type SlackSeen } from '@pocketping/emulators';
import type { App, SeenCall, SeenMessage } from './app.js';
import { type CallNames, callNamed, isUnheard } from './calls.js';
import { ownerOf, Threads, type Whose } from './threads.js';
import { troubling } from './troubling.js';

/** A thread is begun by a post, too. */
const METHODS: CallNames = {
  post: ['chat.postMessage', 'files.completeUploadExternal'],
  edit: ['chat.update'],
  remove: ['chat.delete'],
  open: ['chat.postMessage'],
};

/** The platform waits a minute, and then five, before it tells something again. Here it is a tenth of that. */
const RETRIES_MS = [50, 6_000, 30_000];

export const slackApp = async (seed: number, whose: Whose): Promise<App> => {
  const slack = await SlackEmulator.start({ seed, eventRetriesMs: RETRIES_MS });
  const person = (name: string) => slack.operator({ name });
  const parents = () => slack.messages().filter(isParent);
  const threads = new Threads(
    () => parents().map(({ ts }) => ts),
    (thread) => ownerOf(postsIn(slack.thread(thread)), whose),
  );
  const { botToken, channelId, appToken, apiUrl } = slack;
  return {
    name: 'slack',
    chatId: channelId,
    settings: { botToken, channelId, appToken, apiUrl },
    threadOf: (sessionId) => threads.newestOf(sessionId),
    // There are no replies within a thread.
    type: (who, thread, text) => person(who).type(thread, text).ts,
    send: (who, thread, text, file) => person(who).share(thread, file, text).ts,
    edit: (who, _, id, text) => person(who).edit(id, text),
    erase: (who, _, id) => person(who).delete(id),
    command: (who, thread, name, args = '') =>
      person(who).type(thread, `@${slack.botName} ${name} ${args}`.trim()).ts,
    stands: (id) => slack.message(id)?.deleted === false,
    idOf: (who) => person(who).user.id,
    threads: () =>
      parents().map((parent) => ({
        id: parent.ts,
        closed: parent.reactions.some(({ name }) => name === 'lock'),
        sessionId: threads.sessionOf(parent.ts),
        messages: [parent, ...slack.thread(parent.ts)].map((message) => seen(slack, message)),
      })),
    lose: (thread) => slack.deleteThread(thread),
    losesWords: true,
    strike: (fault, call) =>
      slack.fault({
        ...fault,
        description: 'invalid_blocks',
        // Slack refuses with a status of success.
        ...(fault.kind === 'refuse' && { code: 200 }),
        ...(call !== 'any' && { method: METHODS[call] }),
      }),
    editFirst: () => slack.reorder(2),
    trouble: troubling(slack, {
      again: () => {
        for (const event of slack.events().slice(-5)) slack.replay(event);
      },
      cut: () => slack.socketMode.disconnect(),
      refreshed: () => slack.socketMode.disconnect('refresh_requested'),
      warned: () => slack.socketMode.disconnect('warning'),
      disabled: () => slack.socketMode.disconnect('link_disabled'),
    }),
    calls: () => slack.calls.map(callOf),
    get telling() {
      return slack.pendingEvents;
    },
    get untoldDeletions() {
      return slack.lostEvents.flatMap(({ deleted_ts }) =>
        typeof deleted_ts === 'string' ? [deleted_ts] : [],
      );
    },
    get isHeard() {
      return slack.socketMode.connections > 0;
    },
    close: () => slack.close(),
  };
};

/** What the bot posted in the channel itself and still stands there. */
const isParent = (message: SlackSeen): boolean => message.from.isBot && message.deleted === false;

/** Of the thread's own first message nobody can be sure that it was heard of. */
const postsIn = (replies: readonly SlackSeen[]): string[] =>
  replies.flatMap(({ from, text }) => (from.isBot ? [text] : []));

const seen = (slack: SlackEmulator, { ts, from, text, files: [file] }: SlackSeen): SeenMessage => ({
  id: ts,
  byBot: from.isBot,
  text,
  ...(file && { file: { name: file.name, bytes: () => slack.fileBytes(file.id) } }),
});

const callOf = ({ method, params, at, fault }: SlackCall): SeenCall => {
  const faults = fault === undefined ? [] : [fault];
  return {
    call:
      method === 'chat.postMessage' && params.thread_ts === undefined ? 'open' : callNamed(METHODS, method),
    thread: String(params.thread_ts ?? ''),
    text: `${String(params.text ?? '')} ${String(params.blocks ?? '')}`,
    at,
    faults,
    unheard: isUnheard(faults),
  };
};
