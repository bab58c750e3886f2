import { expect, it } from 'vitest';
import { chat, settled, texts, until } from '../fake/chat.js';

const world = chat();

it('asks nothing of the server until the visitor opens the window', async () => {
  const { client } = world.page();
  await settled(world.server);
  expect(world.server.to('/connect')).toEqual([]);
  expect(client.state().link).toBe('idle');
  expect(world.browser.stored.size).toBe(0);
});

it('opening connects, tells about the page and shows the welcome', async () => {
  const { client } = await world.openPage();
  expect(world.server.to('/connect')[0]!.body).toMatchObject({
    metadata: { url: 'https://shop.example/', pageTitle: 'Shop' },
    secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
  });
  expect(client.state()).toMatchObject({
    welcomeMessage: 'Welcome! What can we do for you?',
    presence: { online: true },
  });
});

it('a page after the first one resumes at once, with its token', async () => {
  const first = await world.openPage();
  await first.client.sendMessage('hello');
  world.leave(first);
  const second = world.page();
  await until(() => second.client.state().link === 'live');
  expect(texts(second)).toEqual(['hello']);
  expect(world.server.conversations.sessions.size).toBe(1);
  expect(world.server.to('/connect').at(-1)!.token).toBeDefined();
});

it('a first connect whose answer is lost is repeated with the same secret and ends with one visitor', async () => {
  let lost = 0;
  world.server.fault = ({ path }) => (path === '/connect' && lost++ === 0 ? 'drop-after' : undefined);
  const { client } = world.page();
  client.open();
  await until(() => client.state().link === 'lost');
  world.clock.advance(1000);
  await until(() => client.state().link === 'live');
  const [first, second] = world.server.to('/connect');
  expect(second!.body.secret).toBe(first!.body.secret);
  expect(world.server.conversations.tokens.size).toBe(1);
});

it('waits longer after each failure, and starts at once when the network is back', async () => {
  world.server.fault = () => ({ code: 'unavailable' });
  const { client, tab } = world.page();
  client.open();
  for (const wait of [750, 1500, 3000, 6000]) {
    await until(() => world.clock.delays.includes(wait));
    world.clock.advance(wait);
  }
  await until(() => world.clock.delays.includes(12_000));
  expect(world.server.to('/connect')).toHaveLength(5);
  world.server.fault = () => undefined;
  tab.network(true);
  await until(() => client.state().link === 'live');
});

it('does not come back before the time the server names', async () => {
  let refused = 0;
  world.server.fault = () => (refused++ === 0 ? { code: 'rate_limited', retryAfter: 20 } : undefined);
  const { client } = world.page();
  client.open();
  await until(() => world.clock.delays.includes(20_750));
});

it('says so, and stops, when the server does not want this page', async () => {
  world.server.fault = () => ({ code: 'origin_not_allowed' });
  const { client } = world.page();
  client.open();
  await until(() => client.state().link === 'refused');
  expect(world.clock.pending).toBe(0);
  world.server.fault = () => undefined;
  client.open();
  await until(() => client.state().link === 'live');
});

it('a token nobody knows any more is dropped: a new visitor begins', async () => {
  const first = await world.openPage();
  world.leave(first);
  world.server.conversations.tokens.clear();
  const second = await world.openPage();
  expect(world.server.conversations.tokens.size).toBe(1);
  expect(texts(second)).toEqual([]);
});

it.each([true, false])(
  'two tabs that open at the same moment end with one session (locks: %s)',
  async (locks) => {
    world.browser.hasLocks = locks;
    const one = world.page();
    const two = world.page();
    one.client.open();
    two.client.open();
    await until(() => one.client.state().link === 'live' && two.client.state().link === 'live');
    expect(one.client.state().sessionId).toBe(two.client.state().sessionId);
    expect(world.server.conversations.sessions.size).toBe(1);
  },
);

it('identity goes with the first connect, or at once when there is a connection', async () => {
  const { client } = world.page();
  await client.identify({ id: 'u1', name: 'Mia' });
  expect(world.server.asked).toEqual([]);
  client.open();
  await until(() => client.state().link === 'live');
  expect(world.server.to('/connect')[0]!.body.identity).toEqual({ id: 'u1', name: 'Mia' });
  await client.identify({ id: 'u1', name: 'Mia M.' });
  expect(world.server.to('/identify')[0]!.body.identity).toEqual({ id: 'u1', name: 'Mia M.' });
});

it('somebody else signing in starts anew, and sees nothing of who was there', async () => {
  const page = await world.openPage({ identity: { id: 'u1' } });
  await page.client.sendMessage('a secret');
  const before = page.client.state().sessionId;
  await page.client.identify({ id: 'u2' });
  await until(() => page.client.state().link === 'live' && page.client.state().sessionId !== before);
  expect(texts(page)).toEqual([]);
  expect(world.server.to('/connect').at(-1)!.body.identity).toEqual({ id: 'u2' });
});

it('somebody else signing in before the connection starts anew too, without what the first one meant to say', async () => {
  const first = await world.openPage({ identity: { id: 'u1' } });
  first.tab.network(false);
  void first.client.sendMessage('private').catch(() => {});
  world.leave(first);
  const second = await world.openPage({ identity: { id: 'u2' } });
  await settled(world.server);
  expect(second.client.state().unsent).toEqual([]);
  expect(world.server.to('/message')).toEqual([]);
  expect(world.server.conversations.tokens.size).toBe(2);
});

it('reset forgets the visitor everywhere in this browser', async () => {
  const one = await world.openPage();
  const two = await world.openPage();
  await one.client.sendMessage('hello');
  await until(() => texts(two).length === 1);
  const before = one.client.state().sessionId;
  one.client.reset();
  await until(() => one.client.state().link === 'live' && one.client.state().sessionId !== before);
  await until(
    () => two.client.state().sessionId === one.client.state().sessionId && two.client.state().link === 'live',
  );
  expect([...texts(one), ...texts(two)]).toEqual([]);
  expect(world.server.conversations.sessions.size).toBe(2);
});

it('ending a conversation begins another with the next message, in every tab', async () => {
  const one = await world.openPage();
  const two = await world.openPage();
  await one.client.sendMessage('the old one');
  await one.client.endConversation();
  await until(() => two.client.state().closed === 'visitor');
  expect(one.client.state()).toMatchObject({ closed: 'visitor', messages: [], link: 'idle' });
  await one.client.sendMessage('the new one');
  await until(() => texts(two).join() === 'the new one' || two.client.state().link === 'live');
  await until(() => texts(two).join() === 'the new one');
  expect(world.server.conversations.sessions.size).toBe(2);
});

it('destroy leaves no timer, listener, socket or request behind', async () => {
  const page = await world.openPage();
  world.server.conversations.say(world.server.conversations.latest, 'hi');
  page.client.typed('hel');
  void page.client.sendMessage('never answered').catch(() => {});
  world.leave(page);
  expect(world.clock.pending).toBe(0);
  expect(page.tab.listeners).toBe(0);
  await until(() => world.server.sockets.size === 0 && world.server.followers === 0);
  await settled(world.server);
  expect(world.clock.pending).toBe(0);
});
