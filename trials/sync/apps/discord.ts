import {
  type DiscordCall,
  DiscordEmulator,
  type DiscordMessage,
  type ShownFile,
} from '@pocketping/emulators';
import type { App, SeenCall, SeenMessage } from './app.js';
import { type CallNames, callNamed, isUnheard } from './calls.js';
import { ownerOf, Threads, type Whose } from './threads.js';
import { troubling } from './troubling.js';

const ROUTES: CallNames = {
  post: ['POST /channels/{channel}/messages'],
  edit: ['PATCH /channels/{channel}/messages/{message}'],
  remove: ['DELETE /channels/{channel}/messages/{message}'],
  open: ['POST /channels/{channel}/threads'],
};

/** How long nobody reaches the gateway. */
const UNREACHABLE_MS = 1000;

export const discordApp = async (whose: Whose): Promise<App> => {
  const discord = await DiscordEmulator.start();
  const threadIds = () => discord.threads().map(({ id }) => id);
  const threads = new Threads(threadIds, (thread) => ownerOf(postsIn(discord.messages(thread)), whose));
  const { botToken, channelId, apiRoot } = discord;
  return {
    name: 'discord',
    chatId: channelId,
    settings: { botToken, channelId, apiRoot },
    threadOf: (sessionId) => threads.newestOf(sessionId),
    type: (who, thread, text, replyTo) => discord.operator(who).type(thread, text, { replyTo }).id,
    send: (who, thread, text, file, replyTo) =>
      discord.operator(who).sendFiles(thread, [file], text, { replyTo }).id,
    edit: (who, _, id, text) => discord.operator(who).edit(id, text),
    erase: (who, _, id) => discord.operator(who).delete(id),
    command: (who, thread, name, args = '') =>
      discord.operator(who).type(thread, `!${name} ${args}`.trim()).id,
    stands: (id) => {
      const message = discord.message(id);
      return message?.deleted === false && discord.thread(message.channelId)?.deleted === false;
    },
    idOf: (who) => discord.operator(who).id,
    threads: () =>
      discord.threads().map(({ id, archived }) => ({
        id,
        closed: archived,
        sessionId: threads.sessionOf(id),
        messages: discord
          .messages(id)
          .filter(({ type }) => type === 'text')
          .map(seen),
      })),
    lose: (thread) => discord.operator('Mallory').deleteThread(thread),
    losesWords: false,
    strike: (fault, call) =>
      discord.fault({
        ...fault,
        description: 'Invalid Form Body',
        ...(call !== 'any' && { method: ROUTES[call] }),
      }),
    editFirst: () => discord.reorder(2),
    trouble: troubling(discord, {
      cut: () => discord.gateway.drop(),
      'session forgotten': () => discord.gateway.drop({ resumable: false }),
      'session invalid': (trouble) => discord.gateway.invalidate(trouble % 2 === 0),
      'reconnect asked for': () => discord.gateway.requestReconnect(),
      unreachable: () => {
        const reopen = discord.gateway.shut();
        setTimeout(reopen, UNREACHABLE_MS);
        return reopen;
      },
    }),
    calls: () => discord.calls.map(callOf),
    telling: 0,
    untoldDeletions: [],
    get isHeard() {
      return discord.gateway.connected > 0;
    },
    close: () => discord.close(),
  };
};

const postsIn = (messages: readonly DiscordMessage[]): string[] =>
  messages.flatMap((message) => (message.from.isBot ? [textOf(message)] : []));

const textOf = ({ text, embeds }: DiscordMessage): string =>
  [text, ...embeds.flatMap(({ title, description, footer }) => [title?.text, description?.text, footer])]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');

const seen = (message: DiscordMessage): SeenMessage => ({
  id: message.id,
  byBot: message.from.isBot,
  text: textOf(message),
  ...(message.replyTo && { replyTo: message.replyTo.id }),
  ...(message.files[0] && { file: fileAt(message.files[0]) }),
});

const fileAt = ({ name, url }: ShownFile) => ({
  name,
  bytes: async () => new Uint8Array(await (await fetch(url)).arrayBuffer()),
});

const callOf = ({ route, path, body, at, faults }: DiscordCall): SeenCall => ({
  call: callNamed(ROUTES, route),
  thread: /^\/channels\/(\d+)\/messages/.exec(path)?.[1] ?? '',
  text: String(body.content ?? ''),
  at,
  faults,
  unheard: isUnheard(faults),
});
