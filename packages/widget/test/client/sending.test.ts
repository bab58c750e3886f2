import { expect, it } from 'vitest';
import { chat, settled, texts, until } from '../fake/chat.js';

const world = chat();
const sent = () => world.server.conversations.latest.messages.map((message) => message.content);

it('shows a message at once and resolves with its id once the server has it', async () => {
  const page = await world.openPage();
  const promise = page.client.sendMessage('  hello \0');
  await until(() => page.client.state().unsent.length === 1);
  const id = await promise;
  expect(sent()).toEqual(['hello']);
  expect(page.client.state().messages[0]).toMatchObject({ id, sender: 'visitor', content: 'hello' });
  expect(page.client.state().unsent).toEqual([]);
});

it('refuses what the server would refuse', async () => {
  const { client } = await world.openPage();
  await expect(client.sendMessage(' \n')).rejects.toMatchObject({ code: 'validation_failed' });
  await expect(client.sendMessage('x'.repeat(4001))).rejects.toMatchObject({ code: 'validation_failed' });
  await client.sendMessage('half an emoji: \ud83d');
  expect(sent()).toEqual(['half an emoji: \ufffd']);
});

it('connects by itself when a message is sent from a page that has not opened the window', async () => {
  const { client } = world.page();
  await client.sendMessage('from code');
  expect(sent()).toEqual(['from code']);
});

it('an answer that is lost after the commit does not double the message', async () => {
  let lost = 0;
  const page = await world.openPage();
  world.server.webSocket = 'refused';
  world.server.fault = ({ path }) => {
    if (path !== '/message') return path === '/stream' ? 'drop-before' : undefined;
    return lost++ === 0 ? 'drop-after' : undefined;
  };
  world.server.cut();
  await until(() => page.client.state().link === 'lost');
  const promise = page.client.sendMessage('once');
  await until(() => page.client.state().unsent[0]?.waiting);
  world.clock.advance(750);
  await promise;
  const [first, second] = world.server.to('/message');
  expect(second!.body.clientMessageId).toBe(first!.body.clientMessageId);
  expect(sent()).toEqual(['once']);
  expect(texts(page)).toEqual(['once']);
});

it('the log brings a message home whose answer was lost', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/message' ? 'drop-after' : undefined);
  await page.client.sendMessage('hello');
  expect(texts(page)).toEqual(['hello']);
  expect(page.client.state().unsent).toEqual([]);
});

it('keeps the order while the server is in trouble', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/message' ? { code: 'unavailable' } : undefined);
  const all = ['one', 'two', 'three'].map((text) => page.client.sendMessage(text));
  await until(() => page.client.state().unsent[0]?.waiting);
  expect(new Set(world.server.to('/message').map(({ body }) => body.content))).toEqual(new Set(['one']));
  world.server.fault = () => undefined;
  world.clock.advance(30_000);
  await Promise.all(all);
  expect(sent()).toEqual(['one', 'two', 'three']);
});

it('waits as long as Retry-After says, whatever else the visitor does', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) =>
    path === '/message' ? { code: 'rate_limited', retryAfter: 60 } : undefined;
  void page.client.sendMessage('one');
  await until(() => page.client.state().unsent[0]?.waiting);
  world.server.fault = () => undefined;
  void page.client.sendMessage('two');
  page.tab.network(true);
  await until(() => page.client.state().link === 'live');
  world.clock.advance(59_000);
  await settled(world.server);
  expect(sent()).toEqual([]);
  world.clock.advance(1_000);
  await until(() => sent().length === 2);
});

it('a refusal for good is shown at once, lets the next one pass, and can be tried again', async () => {
  const page = await world.openPage();
  world.server.fault = ({ body }) => (body.content === 'bad' ? { code: 'forbidden' } : undefined);
  const bad = page.client.sendMessage('bad');
  const good = page.client.sendMessage('good');
  await expect(bad).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  await good;
  expect(page.client.state().unsent).toMatchObject([{ content: 'bad', failed: 'forbidden' }]);
  world.server.fault = () => undefined;
  page.client.retry(page.client.state().unsent[0]!.clientMessageId);
  await until(() => page.client.state().unsent.length === 0);
  expect(sent()).toEqual(['good', 'bad']);
});

it('a failed message can be deleted, also after a reload', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/message' ? { code: 'forbidden' } : undefined);
  await expect(page.client.sendMessage('bad')).rejects.toThrow();
  world.leave(page);
  const again = await world.openPage();
  expect(again.client.state().unsent).toMatchObject([{ failed: 'forbidden' }]);
  again.client.discard(again.client.state().unsent[0]!.clientMessageId);
  expect(again.client.state().unsent).toEqual([]);
  await settled(world.server);
  expect(world.server.to('/message')).toHaveLength(1);
});

it('what was written without a network survives the page and is sent by the next one, once', async () => {
  const page = await world.openPage();
  page.tab.network(false);
  void page.client.sendMessage('written offline').catch(() => {});
  void page.client.sendMessage('and more').catch(() => {});
  await until(() => page.client.state().unsent.length === 2);
  world.leave(page);
  const next = world.page();
  await until(() => texts(next).length === 2);
  expect(sent()).toEqual(['written offline', 'and more']);
});

it('is sent when the network comes back, however long that takes', async () => {
  const page = await world.openPage();
  page.tab.network(false);
  const promise = page.client.sendMessage('patience');
  await until(() => world.clock.pending > 0);
  for (let minutes = 0; minutes < 60; minutes++) world.clock.advance(60_000);
  expect(page.client.state().unsent).toHaveLength(1);
  page.tab.network(true);
  await promise;
  expect(sent()).toEqual(['patience']);
});

it('on 401 the message goes out as a new visitor', async () => {
  const page = await world.openPage();
  world.server.conversations.tokens.clear();
  await page.client.sendMessage('still here');
  expect(world.server.conversations.sessions.size).toBe(2);
  expect(sent()).toEqual(['still here']);
});

it('a session that has ended is left for a new one, in which the message is sent', async () => {
  const page = await world.openPage();
  const { conversations } = world.server;
  const quoted = conversations.say(conversations.latest, 'a question');
  await until(() => texts(page).length === 1);
  conversations.latest.status = 'ended';
  await page.client.sendMessage('an answer', quoted.id);
  expect(conversations.sessions.size).toBe(2);
  expect(conversations.latest.messages).toMatchObject([{ content: 'an answer' }]);
  expect(conversations.latest.messages[0]!.replyTo).toBeUndefined();
});

it.each([true, false])('two tabs send a message once, and both show it (locks: %s)', async (locks) => {
  world.browser.hasLocks = locks;
  const one = await world.openPage();
  const two = await world.openPage();
  one.tab.network(false);
  const promise = one.client.sendMessage('hello');
  await until(() => two.client.state().unsent.length === 1);
  // The other tab's network works; it takes over what the first cannot send.
  world.clock.advance(10_000);
  await until(() => texts(two).length === 1);
  await promise;
  one.tab.network(true);
  await until(() => texts(one).length === 1 && one.client.state().link === 'live');
  world.clock.advance(30_000);
  await settled(world.server);
  expect(sent()).toEqual(['hello']);
  expect([...one.client.state().unsent, ...two.client.state().unsent]).toEqual([]);
  expect([...world.browser.stored.keys()].filter((key) => key.includes('outbox'))).toEqual([]);
});

it('edits and deletes a message, and says when that did not work', async () => {
  const page = await world.openPage();
  const id = await page.client.sendMessage('helo');
  world.server.fault = ({ path }) => (path === '/edit' ? 'drop-before' : undefined);
  await expect(page.client.editMessage(id, 'hello')).rejects.toMatchObject({ code: 'network' });
  expect(texts(page)).toEqual(['helo']);
  world.server.fault = () => undefined;
  await page.client.editMessage(id, 'hello');
  expect(page.client.state().messages).toMatchObject([{ content: 'hello', editedAt: expect.any(String) }]);
  await page.client.deleteMessage(id);
  expect(page.client.state().messages).toMatchObject([{ content: '', deletedAt: expect.any(String) }]);
  await expect(page.client.editMessage(id, 'again')).rejects.toMatchObject({ code: 'message_deleted' });
});

it('reset and destroy reject what was promised', async () => {
  const page = await world.openPage();
  world.server.fault = ({ path }) => (path === '/message' ? { code: 'unavailable' } : undefined);
  const first = page.client.sendMessage('one');
  page.client.reset();
  await expect(first).rejects.toMatchObject({ code: 'reset' });
  const second = page.client.sendMessage('two');
  page.client.destroy();
  await expect(second).rejects.toMatchObject({ code: 'destroyed' });
});
