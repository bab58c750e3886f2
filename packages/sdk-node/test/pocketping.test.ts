import { PocketPing as Engine } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  type CustomEvent,
  type Message,
  PocketPing,
  type PocketPingConfig,
  type Session,
} from '../src/index.js';
import { Desk } from './desk.js';
import { routeOf } from './next.js';
import { Visitor } from './visitor.js';

const visit = async (config: PocketPingConfig, prepare: (pp: PocketPing) => void = () => {}) => {
  const pp = new PocketPing({ logger: recordingLogger(), ...config });
  onTestFinished(() => pp.stop());
  prepare(pp);
  const send = routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() });
  return { pp, visitor: await Visitor.connect('https://a/api/pocketping', send) };
};

it('works with nothing said: in memory, of which the log warns', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const pp = new PocketPing();
  onTestFinished(() => pp.stop());
  expect(warn.mock.calls).toEqual([[expect.stringContaining('kept in memory')]]);
  expect(pp).toBeInstanceOf(Engine);
  expect(await pp.getSessions()).toEqual([]);
});

it('calls every handler, given as an option or by a method', async () => {
  const told: string[] = [];
  const note =
    (how: string) =>
    (...given: readonly (Session | Message | CustomEvent)[]) =>
      void told.push(
        `${how}: ${given.map((one) => ('name' in one ? one.name : one.id.split('_')[0])).join(' ')}`,
      );
  const config = {
    onSessionStart: note('option'),
    onMessage: note('option'),
    onEvent: note('option'),
  };
  const { pp, visitor } = await visit(config, (pp) => {
    pp.onSessionStart(note('method')).onMessage(note('method')).onEvent('*', note('method'));
    pp.onEvent('clicked_pricing', note('name')).onEvent('other', note('other'));
  });
  await visitor.say('hello');
  await visitor.trigger('clicked_pricing');
  await vi.waitFor(() => expect(told).toHaveLength(7));
  expect(told).toEqual([
    'option: sess',
    'method: sess',
    'option: sess msg',
    'method: sess msg',
    'option: clicked_pricing sess',
    'method: clicked_pricing sess',
    'name: clicked_pricing sess',
  ]);
  expect(await pp.getMessages(visitor.sessionId)).toMatchObject([{ content: 'hello', sender: 'visitor' }]);
});

it('hands core what is core’s: bridges, greeting, events that stay off the phones', async () => {
  const desk = new Desk();
  const { visitor } = await visit({
    bridge: desk.bridge,
    welcomeMessage: 'Welcome',
    quietEvents: ['scrolled'],
  });
  expect(visitor.welcomeMessage).toBe('Welcome');
  await visitor.say('hello');
  await visitor.trigger('scrolled', { to: 3 });
  await visitor.trigger('bought', { plan: 'pro' });
  await vi.waitFor(() => expect(desk.posts).toEqual(['hello', 'event bought {"plan":"pro"}']));
});

it('tells the page of one session something, or every page', async () => {
  const { pp, visitor } = await visit({});
  await visitor.openEventStream();
  await pp.emitEvent(visitor.sessionId, 'show_offer', { code: 'SAVE20' });
  await pp.broadcastEvent('announcement');
  await vi.waitFor(() =>
    expect(visitor.events).toEqual([
      ['show_offer', { code: 'SAVE20' }],
      ['announcement', undefined],
    ]),
  );
});

it('takes a storage of one’s own, and says what it lacks', async () => {
  const sessions = new Map<string, object>();
  const storage = {
    createSession: (session: { id: string }) => void sessions.set(session.id, session),
    getSession: (id: string) => sessions.get(id),
    saveMessage: () => {},
    getMessages: () => [],
  };
  const { visitor } = await visit({ storage });
  expect([...sessions.keys()]).toEqual([visitor.sessionId]);
  const { getMessages: _, ...incomplete } = storage;
  expect(() => new PocketPing({ storage: incomplete as typeof storage })).toThrow('getMessages');
});

it('refuses for Next a bridge that needs a process which runs all the time', () => {
  const { intermittent: _, ...bridge } = new Desk().bridge;
  const pp = new PocketPing({ bridge, logger: recordingLogger() });
  expect(() => pp.nextHandler()).toThrow('"desk" listens on a connection of its own');
});
