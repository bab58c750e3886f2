import { expect, it, vi } from 'vitest';
import { chat, settled, texts, until } from '../fake/chat.js';

const world = chat();

it('an identity the server refuses does not cost the visitor the chat', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  world.server.fault = ({ path, body }) =>
    path === '/connect' && body.identity ? { code: 'validation_failed' } : undefined;
  const page = world.page({ identity: { id: 42 } as never });
  page.client.open();
  await until(() => page.client.state().link === 'live');
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});

it('a page whose onMessage throws keeps its connection', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const page = world.page({
    onMessage: () => {
      throw new Error('a bug of the site');
    },
  });
  page.client.open();
  await until(() => page.client.state().link === 'live');
  for (const text of ['one', 'two']) world.server.conversations.say(world.server.conversations.latest, text);
  await until(() => texts(page).length === 2);
  expect(page.client.state().link).toBe('live');
  expect(error).toHaveBeenCalledTimes(2);
  error.mockRestore();
});

it('ending the conversation does not send again what the server has already', async () => {
  const page = await world.openPage();
  // Neither an answer nor a stream tells the page that its message has arrived.
  world.server.webSocket = 'refused';
  world.server.events = 'refused';
  world.server.fault = ({ path }) =>
    path === '/message' ? 'drop-after' : path === '/events' ? 'drop-before' : undefined;
  world.server.cut();
  await until(() => page.client.state().link === 'lost');
  void page.client.sendMessage('once');
  await until(() => page.client.state().unsent[0]?.waiting);
  world.server.fault = () => undefined;
  await page.client.endConversation();
  world.server.webSocket = 'works';
  await until(() => {
    world.clock.advance(2000);
    return page.client.state().unsent.length === 0;
  });
  await settled(world.server);
  const said = [...world.server.conversations.sessions.values()].flatMap(({ messages }) => messages);
  expect(said.map(({ content }) => content)).toEqual(['once']);
});

it('nobody who does not wait for a message hears of its failure', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/message' ? { code: 'forbidden' } : undefined);
  void page.client.sendMessage('refused');
  await until(() => page.client.state().unsent[0]?.failed === 'forbidden');
  void page.client.sendMessage(' ');
  world.leave(page);
});

it('a visitor whom the team keeps out is told so once, and does not knock again', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/connect' ? { code: 'blocked' } : undefined);
  const before = world.server.to('/connect').length;
  world.server.cut(4403);
  await until(() => {
    world.clock.advance(2000);
    return page.client.state().link === 'refused';
  });
  for (let minute = 0; minute < 10; minute++) {
    world.clock.advance(60_000);
    await settled(world.server);
  }
  expect(world.server.to('/connect')).toHaveLength(before + 1);
});
