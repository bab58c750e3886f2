import { MemoryFileStore, MemoryStorage, PocketPing } from '@pocketping/core';
import { passSlowly, recordingLogger, type VirtualClock, virtualClock } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RemoteBridge } from '../src/index.js';
import { Desk, type Sheet } from './desk.js';
import { API_KEY, DeskServer } from './server.js';

/** A backend and a server in one virtual time, which talk over a real wire. */
const together = async ({
  keepsFiles = true,
  beside,
  wire = fetch,
}: {
  keepsFiles?: boolean;
  beside?: Desk;
  wire?: typeof fetch;
} = {}) => {
  const clock = virtualClock();
  const server = await DeskServer.start(clock);
  const storage = new MemoryStorage({ clock });
  const logger = recordingLogger();
  let current: PocketPing | undefined;
  const backend = (): PocketPing => {
    if (!current) throw new Error('The backend is down');
    return current;
  };
  const start = async () => {
    const bridge = new RemoteBridge({ bridgeUrl: server.url, apiKey: API_KEY, fetch: wire });
    const files = keepsFiles && { files: new MemoryFileStore() };
    const bridges = [bridge, ...(beside ? [beside.bridge] : [])];
    current = new PocketPing({ storage, ...files, bridges, clock, logger });
    await current.start();
  };
  await start();
  onTestFinished(async () => {
    await current?.stop();
    await server.close();
  });
  return {
    clock,
    server,
    logger,
    backend,
    pass: (ms: number) => passSlowly(clock, ms),
    /** The backend ends, and begins again on what it has stored. */
    end: async () => {
      await backend().stop();
      current = undefined;
    },
    begin: start,
  };
};

type Together = Awaited<ReturnType<typeof together>>;

/** Lets time go by, a little at a time, until it is so. */
const eventually = async ({ clock }: { readonly clock: VirtualClock }, holds: () => Promise<void> | void) => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await holds();
    } catch (error) {
      if (attempt > 300) throw error;
      await passSlowly(clock, 2000);
    }
  }
};

/** A visitor of the backend's. */
const visitor = async ({ backend }: Together, visitorId: string) => {
  const { conversation } = backend();
  const { session, token } = await conversation.connect({ visitorId }, {});
  const sessionId = session.id;
  const actor = () => backend().conversation.authenticate(token as string);
  return {
    sessionId,
    say: async (content: string) =>
      (await backend().conversation.send(await actor(), { sessionId, content })).id,
    edit: async (messageId: string, content: string) =>
      backend().conversation.edit(await actor(), { sessionId, messageId, content }),
    remove: async (messageId: string) =>
      backend().conversation.remove(await actor(), { sessionId, messageId }),
    /** What the widget shows, of everybody. */
    sees: async () =>
      (await backend().conversation.messages(await actor(), { sessionId, limit: 100 })).messages.map(
        ({ content }) => content,
      ),
  };
};

/** What lies on the desk, without what the server says of the conversation. */
const onDesk = ({ server }: Together): Sheet[] =>
  server.desk.sheets.filter(({ about }) => about === undefined);

const texts = (scene: Together): string[] => onDesk(scene).flatMap(({ text }) => text.split('\n'));

const threadOn = ({ server }: Together): string => [...server.desk.drawers.keys()].at(-1) as string;

describe('a backend and a server', () => {
  it('show each other everything', async () => {
    const scene = await together();
    const { server } = scene;
    const ada = await visitor(scene, 'ada');
    const asked = await ada.say('Is it in stok?');
    await eventually(scene, () => expect(texts(scene)).toEqual(['Is it in stok?']));
    const drawer = threadOn(scene);
    const typed = await server.desk.write(drawer, 'Which one?', {
      replyTo: onDesk(scene)[0]?.ref.platformId as string,
    });
    await ada.edit(asked, 'Is it in stock?');
    await eventually(scene, async () => {
      expect(await ada.sees()).toEqual(['Is it in stock?', 'Which one?']);
      expect(texts(scene)).toEqual(['Is it in stock?', 'Which one?']);
    });
    await server.desk.edit(typed.ref.platformId, 'Which lamp?');
    await eventually(scene, async () => expect((await ada.sees()).at(-1)).toBe('Which lamp?'));
    await server.desk.write(drawer, '/note wants a discount');
    await eventually(scene, async () => {
      const all = await scene.backend().getMessages(ada.sessionId, { notes: true });
      expect(all.filter(({ isNote }) => isNote).map(({ content }) => content)).toEqual(['wants a discount']);
    });
    expect(await ada.sees()).not.toContain('wants a discount');
    await server.desk.write(drawer, '/online');
    await eventually(scene, async () =>
      expect(await scene.backend().conversation.presence()).toMatchObject({
        online: true,
        operators: ['Bob'],
      }),
    );
    await server.desk.write(drawer, '/close');
    await eventually(scene, async () => {
      expect(await scene.backend().getSession(ada.sessionId)).toMatchObject({ status: 'closed' });
      expect(server.desk.drawers.get(drawer)?.closed).toBe(true);
    });
    const more = await ada.say('One more thing');
    await eventually(scene, () => {
      expect(texts(scene).at(-1)).toBe('One more thing');
      expect(server.desk.drawers.get(drawer)?.closed).toBe(false);
    });
    await ada.remove(more);
    await eventually(scene, () => expect(texts(scene)).not.toContain('One more thing'));
    await server.desk.remove(typed.ref.platformId);
    await eventually(scene, async () => expect(await ada.sees()).toEqual(['Is it in stock?', '', '']));
    await server.desk.write(drawer, '/block');
    await eventually(scene, async () => expect(ada.say('Hello?')).rejects.toMatchObject({ code: 'blocked' }));
    expect(scene.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }, 60_000);

  it('bring files to each other', async () => {
    const scene = await together();
    const ada = await visitor(scene, 'ada');
    await ada.say('Do you have a plan?');
    await eventually(scene, () => expect(texts(scene)).toHaveLength(1));
    const bytes = new TextEncoder().encode('Here is the plan.');
    const file = { name: 'plan.txt', mimeType: 'text/plain', bytes };
    await scene.server.desk.write(threadOn(scene), 'Here', { file });
    await eventually(scene, async () => {
      const [, answer] = await scene.backend().getMessages(ada.sessionId);
      expect(answer).toMatchObject({
        content: 'Here',
        attachments: [{ name: 'plan.txt', size: bytes.length, status: 'ready' }],
      });
    });
    const [, answer] = await scene.backend().getMessages(ada.sessionId);
    const stream = await scene.backend().readAttachment(answer?.attachments?.[0]?.id as string);
    const read = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
    expect(read).toBe('Here is the plan.');
  }, 60_000);

  it('tell whoever writes in vain, where they wrote it', async () => {
    const scene = await together({ keepsFiles: false });
    const { server } = scene;
    const ada = await visitor(scene, 'ada');
    await ada.say('Hello');
    await eventually(scene, () => expect(texts(scene)).toHaveLength(1));
    const file = { name: 'plan.txt', mimeType: 'text/plain', bytes: new TextEncoder().encode('A plan') };
    const sent = await server.desk.write(threadOn(scene), '', { file });
    await eventually(scene, () =>
      expect(onDesk(scene).at(-1)).toMatchObject({
        text: expect.stringContaining('no place to keep files'),
        ours: true,
        replyTo: sent.ref.platformId,
      }),
    );
    expect(await ada.sees()).toEqual(['Hello']);
  }, 60_000);

  it('agree on who is kept out, wherever the team says so', async () => {
    const beside = new Desk();
    const scene = await together({ beside });
    const { server } = scene;
    const ada = await visitor(scene, 'ada');
    await ada.say('Hello');
    await eventually(scene, () => expect(texts(scene)).toEqual(['Hello']));
    await eventually(scene, () => expect(beside.sheets.at(-1)?.text).toBe('Hello'));
    const [there, here] = [threadOn(scene), [...beside.drawers.keys()].at(-1) as string];
    const isOut = () => expect(ada.say('Hello?')).rejects.toMatchObject({ code: 'blocked' });
    await server.desk.write(there, '/block');
    await eventually(scene, isOut);
    await beside.write(here, '/unblock');
    await eventually(scene, async () => expect(await ada.sees()).toContain('Hello'));
    await server.desk.write(there, 'Sorry for that');
    await eventually(scene, async () => expect((await ada.sees()).at(-1)).toBe('Sorry for that'));
    await beside.write(here, '/block');
    await eventually(scene, isOut);
    await server.desk.write(there, '/unblock');
    await eventually(scene, async () => expect((await ada.sees()).at(-1)).toBe('Sorry for that'));
  }, 60_000);

  it('hold up no conversation for one whose id another backend has taken', async () => {
    const scene = await together();
    const [ada, ben] = [await visitor(scene, 'ada'), await visitor(scene, 'ben')];
    await scene.server.engine.mirror.take({
      type: 'new_session',
      origin: 'another',
      session: { id: ada.sessionId, visitorId: 'ada' },
    });
    await ada.say('Hello');
    await eventually(scene, () =>
      expect(scene.logger.lines).toContainEqual(
        expect.objectContaining({
          message: expect.stringContaining('the option origin, which is "default"'),
        }),
      ),
    );
    await ben.say('Hi');
    await eventually(scene, () => expect(texts(scene)).toEqual(['Hi']));
    expect((await scene.backend().health()).bridges).toMatchObject([{ state: 'up' }]);
  }, 60_000);

  it('lose nothing and double nothing when the server is away for an hour', async () => {
    const scene = await together();
    const { server, pass } = scene;
    const visitors = await Promise.all(['ada', 'ben', 'cleo'].map((name) => visitor(scene, name)));
    for (const [number, each] of visitors.entries()) await each.say(`before ${number}`);
    await eventually(scene, () => expect(texts(scene)).toHaveLength(3));
    await server.leave();
    const said: string[] = [];
    for (let minute = 0; minute < 60; minute += 2) {
      for (const [number, each] of visitors.entries()) {
        said.push(`minute ${minute} of ${number}`);
        const id = await each.say(`minute ${minute} of ${number}`);
        if (minute === 20) await each.edit(id, `minute ${minute} of ${number}`.toUpperCase());
      }
      await pass(120_000);
    }
    expect((await scene.backend().health()).bridges).toMatchObject([{ reason: 'unavailable' }]);
    await server.comeBack();
    const expected = said.map((text) => (text.startsWith('minute 20') ? text.toUpperCase() : text));
    await eventually(scene, () => expect(texts(scene)).toHaveLength(3 + said.length));
    expect(texts(scene).slice(3).sort()).toEqual(expected.sort());
    for (const [number, each] of visitors.entries()) {
      const own = texts(scene).filter((text) => text.toLowerCase().endsWith(` of ${number}`));
      const minutes = own.map((text) => Number(text.split(' ')[1]));
      expect(minutes).toEqual([...minutes].sort((a, b) => a - b));
      const drawer = onDesk(scene).find(({ text }) => text === `before ${number}`)?.ref.threadId as string;
      await server.desk.write(drawer, `answer ${number}`);
      await eventually(scene, async () =>
        expect((await each.sees()).filter((text) => text.startsWith('answer'))).toEqual([`answer ${number}`]),
      );
    }
    expect((await scene.backend().listDeadLetters()).length).toBe(0);
  }, 120_000);

  it('lose nothing and double nothing when the backend is away for an hour', async () => {
    const scene = await together();
    const { server, pass } = scene;
    const ada = await visitor(scene, 'ada');
    await ada.say('Hello');
    await eventually(scene, () => expect(texts(scene)).toHaveLength(1));
    const drawer = threadOn(scene);
    await server.desk.write(drawer, 'heard');
    await eventually(scene, async () => expect(await ada.sees()).toEqual(['Hello', 'heard']));
    await scene.end();
    const answers: string[] = [];
    for (let minute = 0; minute < 60; minute += 2) {
      answers.push(`answer ${minute}`);
      const { ref } = await server.desk.write(drawer, `answer ${minute}`);
      if (minute === 20) await server.desk.edit(ref.platformId, 'ANSWER 20');
      if (minute === 30) await server.desk.remove(ref.platformId);
      await pass(120_000);
    }
    await server.desk.write(drawer, '/close');
    await scene.begin();
    const expected = answers
      .filter((text) => text !== 'answer 30')
      .map((text) => (text === 'answer 20' ? 'ANSWER 20' : text));
    await eventually(scene, async () => expect(await ada.sees()).toEqual(['Hello', 'heard', ...expected]));
    await eventually(scene, async () =>
      expect(await scene.backend().getSession(ada.sessionId)).toMatchObject({ status: 'closed' }),
    );
  }, 120_000);

  it('go on in a new thread, with what was said before, when the server has lost its data', async () => {
    const scene = await together();
    const { server } = scene;
    const ada = await visitor(scene, 'ada');
    await ada.say('Is it in stock?');
    await eventually(scene, () => expect(texts(scene)).toHaveLength(1));
    await server.desk.write(threadOn(scene), 'Which one?');
    await eventually(scene, async () => expect(await ada.sees()).toHaveLength(2));
    await server.loseEverything();
    await ada.say('The lamp');
    await eventually(scene, () => expect(texts(scene)).toEqual(['The lamp']));
    const notices = server.desk.sheets.filter(({ about }) => about === 'notice');
    expect(notices.map(({ text }) => text).join()).toContain('Is it in stock?');
    await server.desk.write(threadOn(scene), 'Yes');
    await eventually(scene, async () =>
      expect(await ada.sees()).toEqual(['Is it in stock?', 'Which one?', 'The lamp', 'Yes']),
    );
  }, 60_000);

  it('know who is there, also on a server that lost its data', async () => {
    const scene = await together();
    const { server } = scene;
    const ada = await visitor(scene, 'ada');
    const isThere = (online: boolean) =>
      eventually(scene, async () =>
        expect(await scene.backend().conversation.presence()).toMatchObject({ online }),
      );
    await ada.say('One');
    await eventually(scene, () => expect(texts(scene)).toEqual(['One']));
    await server.desk.write(threadOn(scene), '/online');
    await isThere(true);
    await server.loseEverything();
    await isThere(false);
    await ada.say('Two');
    await eventually(scene, () => expect(texts(scene)).toEqual(['Two']));
    await server.desk.write(threadOn(scene), '/online');
    await isThere(true);
  }, 60_000);

  it('takes away what was deleted while nobody knew whether it had arrived', async () => {
    let loses = false;
    const wire: typeof fetch = async (address, init) => {
      const response = await fetch(address, init);
      if (!loses || !String(init?.body).includes('visitor_message')) return response;
      await response.text();
      throw new TypeError('fetch failed');
    };
    const it = await together({ wire });
    const ada = await visitor(it, 'ada');
    await ada.say('hello?');
    await eventually(it, () => expect(texts(it)).toContain('hello?'));
    loses = true;
    const secret = await ada.say('my secret');
    await eventually(it, () => expect(texts(it)).toContain('my secret'));
    await ada.remove(secret);
    await it.pass(100);
    loses = false;
    await eventually(it, () => expect(texts(it)).not.toContain('my secret'));
    expect(texts(it)).toContain('hello?');
  });
});
