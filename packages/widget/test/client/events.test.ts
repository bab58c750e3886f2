import { afterEach, expect, it, vi } from 'vitest';
import { chat, settled, until } from '../fake/chat.js';

const world = chat();
const team = () => world.server.conversations;
const triggered = () => team().triggered.map(({ name }) => name);

afterEach(() => vi.restoreAllMocks());

/** A page with a live connection that keeps what it is told. */
async function listening() {
  const heard: string[] = [];
  const page = await world.openPage({ onEvent: ({ name, data }) => heard.push(name + (data?.n ?? '')) });
  return { ...page, heard };
}

/** A page that has lost its network, and what the console is warned of. */
async function offline() {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const page = await world.openPage();
  page.tab.network(false);
  await until(() => page.client.state().link === 'lost');
  return { page, warn };
}

/** A page whose event, `one`, the server takes in a minute only. */
async function toldToWait() {
  const page = await world.openPage();
  world.server.fault = ({ path }) =>
    path === '/event' ? { code: 'rate_limited', retryAfter: 60 } : undefined;
  page.client.trigger('one', undefined);
  await until(() => world.clock.delays.some((ms) => ms > 60_000 && ms < 62_000));
  world.server.fault = () => undefined;
  return page;
}

it('a page that has not opened the window connects to tell that something happened', async () => {
  const { client } = world.page();
  client.trigger('clicked_pricing', { plan: 'pro' });
  await until(() => team().triggered.length === 1);
  expect(team().triggered).toEqual([
    { sessionId: team().latest.sessionId, name: 'clicked_pricing', data: { plan: 'pro' } },
  ]);
  await until(() => client.state().link === 'live');
  expect([...world.browser.stored.keys()].filter((key) => key.includes(':event:'))).toEqual([]);
});

it('keeps the order, whatever the answers are, and warns of what the server refuses for good', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const page = await world.openPage();
  let unavailable = true;
  world.server.fault = ({ path, body }) => {
    if (path !== '/event') return undefined;
    if (body.name === 'bad') return { code: 'validation_failed' };
    return unavailable ? { code: 'unavailable' } : undefined;
  };
  for (const name of ['one', 'bad', 'two']) page.client.trigger(name, undefined);
  await until(() => world.server.to('/event').length === 1);
  await settled(world.server);
  unavailable = false;
  world.clock.advance(1_000);
  await until(() => triggered().length === 2);
  expect(triggered()).toEqual(['one', 'two']);
  expect(warn.mock.calls).toEqual([['PocketPing: event', 'bad', 'validation_failed']]);
});

it('is told again while no answer comes, and at the pace the server asks for', async () => {
  const page = await toldToWait();
  page.client.trigger('two', undefined);
  page.tab.network(true);
  await until(() => page.client.state().link === 'live');
  world.clock.advance(59_000);
  await settled(world.server);
  expect(triggered()).toEqual([]);
  world.clock.advance(2_000);
  await until(() => triggered().length === 2);
  expect(triggered()).toEqual(['one', 'two']);
});

it('what is triggered without a network is told when it is back: the newest hundred, and of the others the console', async () => {
  const { page, warn } = await offline();
  for (let n = 0; n < 130; n++) page.client.trigger(`event ${n}`, undefined);
  await settled(world.server);
  expect(triggered()).toEqual([]);
  page.tab.network(true);
  await until(() => triggered().length === 100);
  expect(triggered()[0]).toBe('event 30');
  expect(triggered().at(-1)).toBe('event 129');
  expect(warn.mock.calls.map(([, name]) => name)).toEqual(Array.from({ length: 30 }, (_, n) => `event ${n}`));
});

it('an event whose answer was lost is told again under its id, and is one at the server', async () => {
  const page = await world.openPage();
  let lost = 0;
  world.server.fault = ({ path }) => (path === '/event' && lost++ < 2 ? 'drop-after' : undefined);
  page.client.trigger('paid', { amount: 20 });
  page.client.trigger('paid', { amount: 20 });
  await until(() => {
    world.clock.advance(50);
    return triggered().length === 2;
  });
  await settled(world.server);
  const ids = world.server.to('/event').map(({ body }) => body.clientEventId as string);
  expect(ids).toEqual([ids[0], ids[0], ids[0], ids[3]]);
  expect(ids[3]).not.toBe(ids[0]);
  expect(ids[0]).toMatch(/^[\w-]{11,}$/);
  expect(triggered()).toEqual(['paid', 'paid']);
});

it.each([
  ['drop-after', 'where it has arrived'],
  ['drop-before', 'and, since it is not there, to the one that goes on'],
] as const)(
  'goes again (%s) to the conversation it was sent to, though that is over, %s',
  async (fault, _) => {
    const page = await world.openPage();
    const first = team().latest;
    world.server.fault = ({ path }) => (path === '/event' ? fault : undefined);
    page.client.trigger('one', undefined);
    await until(() => world.server.to('/event').length === 1);
    await settled(world.server);
    team().close(first, 'visitor');
    await until(() => page.client.state().closed === 'visitor');
    world.server.fault = () => undefined;
    await until(() => {
      world.clock.advance(50);
      return world.server.to('/event').length > 1 && triggered().length === 1;
    });
    await settled(world.server);
    const arrivedIn = fault === 'drop-after' ? first : team().latest;
    expect(team().triggered).toEqual([{ sessionId: arrivedIn.sessionId, name: 'one' }]);
    expect([team().sessions.size, world.server.to('/connect').length]).toEqual([2, 2]);
  },
);

it('what a page got no answer to, or could not even try to tell, the next one tells, and each arrives once', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path, body }) =>
    path !== '/event' ? undefined : body.name === 'arrived' ? 'drop-after' : 'drop-before';
  page.client.trigger('arrived', undefined);
  page.client.trigger('did not', undefined);
  await until(() => triggered().length === 1);
  await settled(world.server);
  world.leave(page);
  world.server.fault = () => undefined;
  world.clock.advance(1_000);
  const next = world.page();
  next.client.trigger('next', undefined);
  await until(() => triggered().includes('next'));
  expect(triggered()).toEqual(['arrived', 'did not', 'next']);
});

it('waits no longer than the server asks for, though the clock is set back meanwhile', async () => {
  await toldToWait();
  world.clock.set(world.clock.now() - 24 * 60 * 60_000);
  world.clock.advance(62_000);
  await until(() => triggered().length === 1);
});

it('what happened an hour ago is told no more, as the console says', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const page = await world.openPage();
  page.tab.network(false);
  page.client.trigger('old', undefined);
  world.leave(page);
  world.clock.advance(60 * 60_000 + 1);
  const next = world.page();
  next.client.trigger('new', undefined);
  await until(() => triggered().length > 0);
  expect(triggered()).toEqual(['new']);
  expect(warn.mock.calls).toEqual([['PocketPing: event', 'old', 'too old']]);
});

it('a tab whose event another one has told goes on telling its own', async () => {
  const [one, two] = [await world.openPage(), await world.openPage()];
  world.server.fault = ({ path }) => (path === '/event' ? { code: 'unavailable' } : undefined);
  one.client.trigger('first', undefined);
  await until(() => world.server.to('/event').length === 1);
  await settled(world.server);
  world.server.fault = () => undefined;
  await until(() => world.clock.delays.some((ms) => ms <= 1_000));
  two.client.trigger('second', undefined);
  await until(() => triggered().length === 2);
  world.clock.advance(2_000);
  await settled(world.server);
  one.client.trigger('third', undefined);
  await until(() => triggered().length === 3);
  expect(triggered()).toEqual(['first', 'second', 'third']);
});

it('two tabs tell it once', async () => {
  const [one, two] = [await world.openPage(), await world.openPage()];
  one.tab.network(false);
  two.tab.network(false);
  for (let n = 0; n < 5; n++) {
    one.client.trigger(`one ${n}`, undefined);
    two.client.trigger(`two ${n}`, undefined);
  }
  one.tab.network(true);
  two.tab.network(true);
  await until(() => triggered().length >= 10);
  await settled(world.server);
  expect(new Set(triggered()).size).toBe(10);
  expect(triggered()).toHaveLength(10);
});

it('goes to whatever conversation goes on when the one it was meant for is over', async () => {
  const page = await world.openPage();
  const ended = team().latest;
  world.server.fault = ({ path, body }) =>
    path === '/event' && body.sessionId === ended.sessionId ? { code: 'session_ended' } : undefined;
  team().sessions.get(ended.sessionId)!.status = 'ended';
  page.client.trigger('one', undefined);
  await until(() => team().latest !== ended);
  world.clock.advance(2_000);
  await until(() => triggered().length === 1);
  expect(team().triggered[0]!.sessionId).toBe(team().latest.sessionId);
});

it('a visitor who is kept out does not knock with every event', async () => {
  world.server.fault = ({ path }) => (path === '/connect' ? { code: 'forbidden' } : undefined);
  const page = world.page();
  page.client.trigger('one', undefined);
  await until(() => page.client.state().link === 'refused');
  for (let n = 0; n < 5; n++) page.client.trigger('more', undefined);
  await settled(world.server);
  expect(world.server.to('/connect')).toHaveLength(1);
  expect(world.browser.stored.size).toBeLessThan(3);
});

it('reset forgets what was not told yet', async () => {
  const page = await world.openPage();
  page.tab.network(false);
  page.client.trigger('hers', undefined);
  page.client.reset();
  page.tab.network(true);
  page.client.trigger('his', undefined);
  await until(() => triggered().length > 0);
  await settled(world.server);
  expect(triggered()).toEqual(['his']);
});

it('reset forgets what is on its way, whatever the answer is', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => {
    if (path !== '/event') return undefined;
    page.client.reset();
    return { code: 'session_ended' };
  };
  page.client.trigger('hers', undefined);
  await until(() => team().sessions.size === 2 && page.client.state().link === 'live');
  world.server.fault = () => undefined;
  world.clock.advance(5_000);
  page.client.trigger('his', undefined);
  await until(() => triggered().length > 0);
  await settled(world.server);
  expect(triggered()).toEqual(['his']);
});

it('hears each event once, in order, however the connection goes', async () => {
  const { heard, client } = await listening();
  team().emit(team().latest, 'show_offer', { n: 1 });
  await until(() => heard.length === 1);
  team().tell(team().latest, team().latest.log.at(-1)!);
  world.server.cut();
  await until(() => client.state().link === 'lost');
  team().emit(team().latest, 'show_offer', { n: 2 });
  team().say(team().latest, 'between');
  team().emit(team().latest, 'show_offer', { n: 3 });
  world.clock.advance(1_000);
  await until(() => heard.length === 3);
  expect(heard).toEqual(['show_offer1', 'show_offer2', 'show_offer3']);
});

it.each(['WebSocket', 'server-sent events', 'long polling'])('hears them over %s', async (carrier) => {
  if (carrier !== 'WebSocket') world.server.webSocket = 'refused';
  if (carrier === 'long polling') world.server.events = 'refused';
  const heard: string[] = [];
  const page = world.page({ onEvent: ({ name }) => heard.push(name) }, (tab) => {
    tab.hasSocket = carrier === 'WebSocket';
  });
  page.client.open();
  const turn = setInterval(() => world.clock.advance(1_000), 5);
  await until(() => page.client.state().link === 'live');
  clearInterval(turn);
  team().emit(team().latest, 'hello');
  await until(() => heard.length === 1);
});

it('hears a broadcast, which is no entry of the log', async () => {
  const { heard } = await listening();
  team().broadcast('announcement', { n: 1 });
  team().broadcast('announcement', { n: 1 });
  await until(() => heard.length === 2);
});

it('the next page hears what was emitted while there was none, once, and no message twice', async () => {
  const messages: string[] = [];
  const { heard, ...page } = await listening();
  team().emit(team().latest, 'seen', { n: 1 });
  await until(() => heard.length === 1);
  world.leave(page);
  team().say(team().latest, 'while away');
  team().emit(team().latest, 'missed', { n: 2 });
  const onEvent = ({ name }: { name: string }) => heard.push(name);
  const onMessage = ({ content }: { content: string }) => messages.push(content);
  const back = world.page({ onEvent, onMessage });
  await until(() => heard.length === 2);
  expect(heard).toEqual(['seen1', 'missed']);
  world.leave(back);
  const again = world.page({ onEvent, onMessage });
  await until(() => again.client.state().link === 'live');
  team().emit(team().latest, 'last');
  await until(() => heard.length === 3);
  expect(heard).toEqual(['seen1', 'missed', 'last']);
  expect(messages).toEqual([]);
  expect(again.client.state().messages.map(({ content }) => content)).toEqual(['while away']);
});

it('each tab that is open hears it', async () => {
  const [one, two] = [await listening(), await listening()];
  two.tab.network(false);
  team().emit(team().latest, 'hello');
  await until(() => one.heard.length === 1);
  two.tab.network(true);
  await until(() => two.heard.length === 1);
});

it('a cursor the server does not know any more is forgotten, and the connection goes on', async () => {
  const first = await listening();
  world.leave(first);
  const key = [...world.browser.stored.keys()].find((one) => one.endsWith(':followed'))!;
  const { sessionId } = team().latest;
  world.browser.stored.set(key, JSON.stringify({ sessionId, seq: 5 }));
  let connects = 0;
  world.server.fault = ({ path }) => {
    if (path === '/connect') connects++;
    return undefined;
  };
  world.server.tooFarBehind = 5;
  const heard: string[] = [];
  const next = world.page({ onEvent: ({ name }) => heard.push(name) });
  await until(() => next.client.state().link === 'lost');
  world.clock.advance(1_000);
  await until(() => next.client.state().link === 'live' && connects === 2);
  team().emit(team().latest, 'after');
  await until(() => heard.length === 1);
});

it('where too much was said to be replayed, it goes on behind what the page was told, and misses nothing that came meanwhile', async () => {
  const { client, heard } = await listening();
  const session = team().latest;
  const { sessionId } = session;
  const timestamp = new Date(0).toISOString();
  team().tell(session, { type: 'event', data: { name: 'waited', timestamp, sessionId } });
  team().tell(session, { type: 'reset', seq: session.seq, data: { reason: 'too_far_behind' } });
  await until(() => client.state().link === 'lost');
  team().emit(session, 'meanwhile');
  world.clock.advance(1_000);
  await until(() => client.state().link === 'live');
  team().emit(session, 'after');
  await until(() => heard.includes('after'));
  expect(heard).toEqual(['waited', 'meanwhile', 'after']);
});

it('open_chat opens the window, and notification shows what can be read, three at most', async () => {
  const { client, heard } = await listening();
  client.close();
  team().emit(team().latest, 'open_chat');
  await until(() => client.state().open);
  team().emit(team().latest, 'notification', { n: 1 });
  team().emit(team().latest, 'notification', { title: ' ', message: 7 as never });
  for (let n = 1; n <= 4; n++) team().emit(team().latest, 'notification', { title: `T${n}`, message: 'M' });
  await until(() => heard.length === 7);
  const shown = client.state().notifications;
  expect(shown.map(({ title }) => title)).toEqual(['T2', 'T3', 'T4']);
  client.dismiss(shown[1]!.key);
  expect(client.state().notifications.map(({ title }) => title)).toEqual(['T2', 'T4']);
});

it('what a handler throws ends nothing', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const page = await world.openPage({
    onEvent() {
      throw new Error('the page’s own');
    },
  });
  team().emit(team().latest, 'one');
  team().say(team().latest, 'still here');
  await until(() => page.client.state().messages.length === 1);
  expect(error).toHaveBeenCalledTimes(1);
});

it('words put into the team’s mouth stand where the conversation was', async () => {
  const first = await world.openPage();
  await first.client.sendMessage('hello');
  world.leave(first);
  const { client } = world.page();
  client.open('Need help choosing?');
  client.open('Need help choosing?');
  await until(() => client.state().link === 'live');
  await client.sendMessage('yes');
  expect(client.state().prompts).toMatchObject([
    { content: 'Need help choosing?', after: client.state().messages[0]!.seq },
  ]);
});

it('is told where it is triggered while the lock of the one before is given back', async () => {
  const page = world.page({}, ({ environment }) => {
    const { exclusively } = environment;
    Object.assign(environment, {
      exclusively: async (name: string, task: () => Promise<unknown>) => {
        const result = await exclusively(name, task);
        if (name.endsWith('events') && triggered().length === 1) page.client.trigger('two', undefined);
        // A browser gives it back in a task of its own.
        await new Promise((resolve) => setTimeout(resolve, 0));
        return result;
      },
    });
  });
  page.client.open();
  await until(() => page.client.state().link === 'live');
  page.client.trigger('one', undefined);
  await until(() => triggered().length === 2);
  expect(triggered()).toEqual(['one', 'two']);
});

it('is kept twice in one place, so that none is said to be dropped that is not', async () => {
  const { page, warn } = await offline();
  const names = Array.from({ length: 100 }, (_, number) => `event-${number}`);
  for (const name of [...names, ...names]) page.client.trigger(name, undefined, name);
  expect(warn.mock.calls).toEqual([]);
});
