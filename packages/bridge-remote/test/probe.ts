import type {
  BridgeHost,
  Inbound,
  MessageRef,
  Part,
  PostCall,
  PostedRef,
  SessionCard,
  ThreadRef,
} from '@pocketping/core';
import type { PlatformFault, PlatformProbe, SeenMessage } from '@pocketping/testing';
import { expect, vi } from 'vitest';
import { deedOf } from '../src/deed.js';
import { RemoteBridge } from '../src/index.js';
import { copyOf } from '../src/refs.js';
import type { Sheet } from './desk.js';
import { repeatable } from './repeatable.js';
import { API_KEY, type DeskServer } from './server.js';

const ORIGIN = 'default';

/** What somebody's doing is called when it is handed over. */
const keyOf = ({ kind, ref, ...inbound }: Inbound): string => {
  const about = 'name' in inbound && inbound.name === 'close' ? 'close' : ref.platformId;
  return `${kind}/${about}`;
};

/** A bridge to the server of which it is known what it has handed over, and whose conversations are on the desk from the beginning. */
export const watched = (server: DeskServer) => {
  const taken = new Map<string, number>();
  const line = repeatable();
  const opened: ThreadRef[] = [];
  class Watched extends RemoteBridge {
    override start(host: BridgeHost): Promise<void> {
      return super.start({
        ...host,
        receive: async (inbound) => {
          await host.receive(inbound);
          taken.set(keyOf(inbound), (taken.get(keyOf(inbound)) ?? 0) + 1);
        },
      });
    }

    override post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
      // The server tells a thread of the page's events ever less often, unless it is calm for a while.
      if (deedOf(part).type === 'custom_event') server.skip(15 * 60_000);
      return super.post(thread, part, call);
    }

    override async open(card: SessionCard, call: { readonly signal: AbortSignal }): Promise<ThreadRef> {
      const thread = await super.open(card, call);
      if (!opened.some(({ threadId }) => threadId === thread.threadId)) opened.push(thread);
      await reach(server, thread);
      return thread;
    }
  }
  const bridge = new Watched({ bridgeUrl: server.url, apiKey: API_KEY, fetch: line.fetch });
  return { bridge, platform: probe(server, { taken, opened, line }) };
};

/** A conversation reaches the team with its visitor's first word, which the suite is not to see. */
const reach = async (server: DeskServer, { threadId }: ThreadRef): Promise<void> => {
  const { sessionId } = copyOf(ORIGIN, ORIGIN, threadId);
  const message = { id: `${FIRST_WORD}${sessionId}`, content: 'The first word' };
  await server.engine.mirror.take({ type: 'visitor_message', origin: ORIGIN, sessionId, message });
  await delivered(server);
};

const FIRST_WORD = 'first-';

/** Everything that the server was told is on the desk. */
const delivered = (server: DeskServer): Promise<void> =>
  vi.waitFor(
    async () => {
      const { bridges } = await server.engine.health();
      expect(bridges.map(({ backlog }) => backlog)).toEqual([0]);
    },
    { timeout: 10_000, interval: 1 },
  );

interface Watch {
  readonly taken: ReadonlyMap<string, number>;
  readonly opened: readonly ThreadRef[];
  readonly line: ReturnType<typeof repeatable>;
}

const probe = (server: DeskServer, { taken, opened, line }: Watch): PlatformProbe => {
  const done: string[] = [];

  const isThere = async ({ threadId }: ThreadRef): Promise<boolean> => {
    const { sessionId, mirroredAt } = copyOf(ORIGIN, ORIGIN, threadId);
    const session = await server.storage.session(sessionId);
    return session?.createdAt === Date.parse(mirroredAt);
  };
  const drawerOf = async ({ threadId }: Pick<MessageRef, 'threadId'>): Promise<string> => {
    const { sessionId } = copyOf(ORIGIN, ORIGIN, threadId);
    const thread = await server.storage.thread({ bridge: 'desk', sessionId });
    if (!thread) throw new Error(`The conversation ${sessionId} is not on the desk`);
    return thread.threadId;
  };
  /** The sheet that shows a message. */
  const sheetOf = async ({ platformId }: MessageRef): Promise<Sheet> => {
    const [link] = await server.storage.links({ bridge: 'desk', messageId: platformId });
    return server.desk.sheet(link?.platformId ?? platformId);
  };
  /** The message that a sheet shows, by which the bridge knows it; else the sheet's own id. */
  const idOn = async ({ ref }: Pick<Sheet, 'ref'>): Promise<string> => {
    const [link] = await server.storage.links({
      bridge: 'desk',
      chatId: ref.chatId,
      platformId: ref.platformId,
    });
    return link?.messageId || ref.platformId;
  };
  const seen = async (thread: ThreadRef): Promise<SeenMessage[]> => {
    const drawer = await drawerOf(thread);
    const all: SeenMessage[] = [];
    for (const sheet of server.desk.sheets) {
      const { ref, ours, file, text, replyTo, receipt, about } = sheet;
      const platformId = await idOn(sheet);
      if (ref.threadId !== drawer || about === 'card' || platformId.startsWith(FIRST_WORD)) continue;
      const answered = server.desk.sheets.find((each) => each.ref.platformId === replyTo);
      all.push({
        ref: { ...thread, platformId },
        text,
        ours,
        ...(file && { file }),
        ...(answered && { replyTo: await idOn(answered) }),
        ...(receipt && { receipt }),
      });
    }
    return all;
  };
  /** Receipts are shown apart from posts, a little later. */
  const receiptsShown = async (thread: ThreadRef): Promise<void> => {
    const { sessionId } = copyOf(ORIGIN, ORIGIN, thread.threadId);
    const session = await server.storage.session(sessionId);
    const messages = await server.storage.messages(sessionId, { limit: 100 });
    const newest = messages.findLast(
      ({ author, deletedAt }) => author.kind !== 'visitor' && deletedAt === undefined,
    );
    if (!session || !newest || session.visitorReadSeq < newest.seq) return;
    await vi.waitFor(
      async () => expect((await sheetOf({ ...thread, platformId: newest.id })).receipt).toBe('read'),
      {
        timeout: 5000,
      },
    );
  };
  const say = (key: string) => void done.push(key);

  return {
    operator: { id: `desk/${server.desk.person.id}`, name: server.desk.person.name },
    threads: async () => {
      const there = await Promise.all(opened.map(isThere));
      return opened.filter((_, at) => there[at]);
    },
    thread: async (thread) => {
      if (!(await isThere(thread))) return null;
      await delivered(server);
      // What only flickers comes beside the posts.
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { ...server.desk.drawers.get(await drawerOf(thread)) };
    },
    messages: async (thread) => {
      if (!(await isThere(thread))) return [];
      await delivered(server);
      await receiptsShown(thread);
      return seen(thread);
    },
    readings: async () => {
      await delivered(server);
      return [
        ...[...server.desk.drawers.values()].map(({ title }) => title),
        ...server.desk.sheets.filter(({ ours }) => ours).map(({ text }) => text),
      ].map((text) => ({ text, live: [] }));
    },
    write: async (thread, text, { replyTo } = {}) => {
      await delivered(server);
      const answered = replyTo && { replyTo: (await sheetOf(replyTo)).ref.platformId };
      const sheet = await server.desk.write(await drawerOf(thread), text, answered);
      const platformId = await idOn(sheet);
      const [word = ''] = text.split(' ');
      if (word === '/close') say('command/close');
      else if (word === '/note') say(`command/${platformId}`);
      else if (!word.startsWith('/')) say(`message/${platformId}`);
      return { ...thread, platformId };
    },
    edit: async (message, text) => {
      await server.desk.edit((await sheetOf(message)).ref.platformId, text);
      say(`edit/${message.platformId}`);
    },
    remove: async (message) => {
      await delivered(server);
      const { ref, ours } = await sheetOf(message);
      if (!ours) {
        await server.desk.remove(ref.platformId);
        return say(`delete/${message.platformId}`);
      }
      // What was posted for a backend is the backend's: nobody else deletes it.
      const { sessionId } = copyOf(ORIGIN, ORIGIN, message.threadId);
      const about = { origin: ORIGIN, sessionId, message: { id: message.platformId } };
      const side = message.platformId.startsWith('visitor-') ? 'visitor' : 'operator';
      await server.engine.mirror.take({ type: `${side}_message_deleted`, ...about });
      await delivered(server);
    },
    removeThread: () => server.loseEverything(),
    fail: async (fault) => strike(server, fault),
    unconfirmed: async () => {
      const open = new Map(taken);
      return done.filter((key) => {
        const times = open.get(key) ?? 0;
        open.set(key, times - 1);
        return times <= 0;
      }).length;
    },
    files: {
      send: async (thread, file, caption = '') => {
        await delivered(server);
        const sheet = await server.desk.write(await drawerOf(thread), caption, { file });
        const platformId = await idOn(sheet);
        say(`message/${platformId}`);
        return { ...thread, platformId };
      },
    },
    disorder: line,
    close: () => server.close(),
  };
};

const strike = (server: DeskServer, fault: PlatformFault): void => {
  server.accident = (request, response, serve) => {
    const answer = (status: number, code: string, headers = {}) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(
        JSON.stringify({ error: { code, message: `The server says ${code}`, requestId: 'req_1' } }),
      );
    };
    switch (fault.kind) {
      case 'rate_limited':
        return answer(429, 'rate_limited', { 'retry-after': `${fault.retryAfterMs / 1000}` });
      case 'unavailable':
        return answer(503, 'unavailable');
      case 'unauthorized':
        return answer(401, 'unauthorized');
      case 'invalid':
        return answer(400, 'validation_failed');
      case 'silent':
        return void request.resume();
      case 'uncertain': {
        response.end = () => {
          request.socket.destroy();
          return response;
        };
        return serve();
      }
    }
  };
};
