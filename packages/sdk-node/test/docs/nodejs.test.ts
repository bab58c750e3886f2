import type { Server } from 'node:net';
import { describeWith, redisDatabase } from '@pocketping/testing/servers';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PocketPing } from '../../src/index.js';
import { bridgeServer } from '../desk.js';
import { routeOf } from '../next.js';
import { Visitor } from '../visitor.js';
import { type Block, blocks, blockWith } from './page.js';
import { portOf, ports } from './ports.js';
import { type Left, run } from './run.js';

/** The page's code, each of which a test below runs. */
const page = {
  express: blockWith("require('express')"),
  fastify: blockWith("require('fastify')"),
  next: blockWith('nextHandler'),
  configuration: blockWith('Optional: Event handlers'),
  sessions: blockWith('pp.getSessions()'),
  messages: blockWith('Hello from the server!'),
  identification: blockWith('pp.identify'),
  receivingEvents: blockWith('onEvent: (event, session)'),
  sendingEvents: blockWith('pp.emitEvent(', 'show_offer'),
  storage: blockWith('class RedisStorage'),
  types: blockWith('const config: PocketPingConfig'),
};

/** A server with a key at http://localhost:3001, one without at `BRIDGE_URL`, as on the page. */
const surroundings = async () => {
  const keyed = await bridgeServer('your_api_key');
  const keyless = await bridgeServer();
  const { app } = ports(keyed.url);
  vi.stubEnv('BRIDGE_URL', keyless.url);
  vi.stubEnv('POCKETPING_API_KEY', 'your_api_key');
  const console = { log: vi.fn() };
  return { keyed, keyless, app, console, said: () => console.log.mock.calls.map((words) => words.join(' ')) };
};

const stopping = (left: Left): Left => {
  onTestFinished(() => left.pp.stop());
  return left;
};

const at = (server: Server): string => `http://localhost:${portOf(server)}/pocketping`;

const visitorOf = (pp: PocketPing): Promise<Visitor> =>
  Visitor.connect('https://a/api/pocketping', routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() }));

const isAnswered = async (visitor: Visitor, { desk }: Awaited<ReturnType<typeof bridgeServer>>) => {
  await visitor.say('hello');
  await vi.waitFor(() => expect(desk.posts).toEqual(['hello']), 10_000);
  await desk.reply('Hi there');
  await vi.waitFor(() => expect(visitor.heard).toEqual(['Hi there']), 10_000);
};

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  expect(vi.mocked(console.error).mock.calls).toEqual([]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the page about Node.js', () => {
  it('has an app on Express that answers visitors', async () => {
    const { keyless, app, console, said } = await surroundings();
    stopping(await run(page.express, { console }));
    const visitor = await Visitor.connect(at(await app()));
    await isAnswered(await visitor.openWebSocket(), keyless);
    expect(said()).toEqual(['Server running on port 3000']);
  });

  it('has the Express app use a server on this machine where no other is named', async () => {
    const { keyed, app, console } = await surroundings();
    vi.stubEnv('BRIDGE_URL', undefined);
    stopping(await run(page.express, { console }));
    const visitor = await Visitor.connect(at(await app()));
    await isAnswered(await visitor.openWebSocket(), keyed);
  });

  it('has an app on Fastify that answers visitors', async () => {
    const { keyless, app } = await surroundings();
    const { fastify } = stopping(await run(page.fastify, {}, ['fastify']));
    onTestFinished(() => (fastify as { close(): Promise<void> }).close());
    const visitor = await Visitor.connect(at(await app()));
    await isAnswered(await visitor.openWebSocket(), keyless);
  });

  it('has a route for Next.js that answers visitors', async () => {
    const { keyless } = await surroundings();
    expect(page.next.title).toBe('app/api/pocketping/[...path]/route.ts');
    const { exports } = stopping(await run(page.next));
    expect(Object.keys(exports)).toEqual(['GET', 'POST']);
    const visitor = await Visitor.connect('https://a/api/pocketping', routeOf(exports));
    await isAnswered(await visitor.openEventStream(), keyless);
  });

  it('has a configuration whose handlers are called, and whose server answers', async () => {
    const { keyed, console, said } = await surroundings();
    const { pp } = stopping(await run(page.configuration, { console, RedisStorage: InMemory }));
    const visitor = await visitorOf(pp);
    await isAnswered(await visitor.openEventStream(), keyed);
    await vi.waitFor(() =>
      expect(said()).toEqual([
        `New session: ${visitor.sessionId}`,
        'New message: hello',
        'New message: Hi there',
      ]),
    );
  });

  const inSession = async (found: Block) => {
    const { keyless } = await surroundings();
    const pp = new PocketPing({ bridgeUrl: keyless.url });
    onTestFinished(() => pp.stop());
    const visitor = await visitorOf(pp);
    await visitor.openEventStream();
    await visitor.say('hello');
    return {
      keyless,
      pp,
      visitor,
      block: { ...found, text: found.text.replaceAll('sess_xxx', visitor.sessionId) },
    };
  };

  it('reads and closes a session', async () => {
    const { pp, visitor, block } = await inSession(page.sessions);
    const { sessionId: id } = visitor;
    const left = await run(block, { pp }, ['sessions', 'session', 'messages']);
    expect(left.sessions).toEqual([expect.objectContaining({ id, status: 'open' })]);
    expect(left.session).toMatchObject({ id });
    expect(left.messages).toEqual([expect.objectContaining({ content: 'hello', sender: 'visitor' })]);
    expect(await pp.getSession(id)).toMatchObject({ status: 'closed' });
  });

  it('says something in a session', async () => {
    const { keyless, pp, visitor, block } = await inSession(page.messages);
    await run(block, { pp });
    await vi.waitFor(() => expect(visitor.heard).toEqual(['Hello from the server!']));
    expect(await pp.getMessages(visitor.sessionId)).toMatchObject([{}, { sender: 'operator' }]);
    await vi.waitFor(() => expect(keyless.desk.posts.at(-1)).toBe('Hello from the server!'), 10_000);
  });

  it('identifies a visitor', async () => {
    const { pp, visitor, block } = await inSession(page.identification);
    await run(block, { pp });
    expect(await pp.getSession(visitor.sessionId)).toMatchObject({
      identity: { email: 'user@example.com', name: 'John Doe', verified: true },
    });
  });

  it('hears what happens on the page, and follows up', async () => {
    const { console, said } = await surroundings();
    const analytics = { track: vi.fn() };
    const { pp } = stopping(await run(page.receivingEvents, { console, analytics }));
    const visitor = await visitorOf(pp);
    await visitor.openEventStream();
    await visitor.trigger('clicked_pricing', { plan: 'pro' });
    const followUp = "I see you're checking our pricing! Would you like help choosing a plan?";
    await vi.waitFor(() => expect(visitor.heard).toEqual([followUp]));
    expect(said()).toEqual(['Event: clicked_pricing [object Object]']);
    const session = await pp.getSession(visitor.sessionId);
    expect(analytics.track.mock.calls).toEqual([
      ['clicked_pricing', { plan: 'pro', sessionId: session?.id, visitorId: session?.visitorId }],
    ]);
  });

  it('tells the page of things', async () => {
    const { pp, visitor, block } = await inSession(page.sendingEvents);
    await run(block, { pp });
    await vi.waitFor(() =>
      expect(visitor.events).toEqual([
        ['show_offer', { discount: 20, code: 'SAVE20', message: 'Special offer just for you!' }],
        ['open_chat', undefined],
        ['notification', { title: 'New feature!', message: 'Check out our new dashboard.' }],
      ]),
    );
  });

  it('has an engine in TypeScript whose handler is called', async () => {
    const { keyless, console, said } = await surroundings();
    const { pp } = stopping(await run(page.types, { console }));
    const visitor = await visitorOf(pp);
    await isAnswered(await visitor.openEventStream(), keyless);
    expect(said()).toEqual([`New session: ${visitor.sessionId}`]);
  });
});

describeWith(await redisDatabase(), 'the page about Node.js on a real Redis', ({ url, stop }) => {
  afterAll(stop);

  it('has a storage that keeps what is said', async () => {
    const { keyless } = await surroundings();
    const redis = new Redis(url);
    onTestFinished(() => void redis.quit());
    const { pp } = stopping(await run(page.storage, { redis }));
    const visitor = await visitorOf(pp);
    await isAnswered(await visitor.openEventStream(), keyless);
    expect(await redis.hgetall(`session:${visitor.sessionId}`)).toMatchObject({ id: visitor.sessionId });
    const kept = await redis.lrange(`messages:${visitor.sessionId}`, 0, -1);
    expect(kept.map((message) => JSON.parse(message).content)).toEqual(['hello', 'Hi there']);
  });
});

it('the page about Node.js has no other code than what runs here, but for what npm installs, and a drawing', () => {
  const runs = new Set(Object.values(page));
  const others = blocks.filter((one) => !runs.has(one));
  expect(runs.size).toBe(11);
  expect(others.map(({ language }) => language)).toEqual(['bash', '']);
  expect(others[0]?.text).toBe('npm install @pocketping/sdk-node\n');
});

/** Called like the page's, for a block that shows only its name. */
class InMemory {
  readonly #sessions = new Map<string, object>();
  readonly #messages = new Map<string, object[]>();

  createSession(session: { readonly id: string }): void {
    this.#sessions.set(session.id, session);
  }

  getSession(id: string): object | undefined {
    return this.#sessions.get(id);
  }

  saveMessage(sessionId: string, message: object): void {
    this.#messages.set(sessionId, [...this.getMessages(sessionId), message]);
  }

  getMessages(sessionId: string): object[] {
    return this.#messages.get(sessionId) ?? [];
  }
}
