import { expect, it } from 'vitest';
import { unreadMessages } from '../../src/client/state.js';
import { chat, settled, texts, until } from '../fake/chat.js';

const world = chat();
const team = () => world.server.conversations;

it('shows what the team writes, edits and deletes', async () => {
  const heard: string[] = [];
  const page = await world.openPage({ onMessage: (message) => heard.push(message.content) });
  const message = team().say(team().latest, 'helo');
  await until(() => texts(page).join() === 'helo');
  team().change(team().latest, message.id, { content: 'hello', editedAt: '2026-01-21T00:00:00.000Z' });
  await until(() => texts(page).join() === 'hello');
  team().change(team().latest, message.id, { content: '', deletedAt: '2026-01-21T00:00:00.000Z' });
  await until(() => page.client.state().messages[0]?.deletedAt);
  expect(heard).toEqual(['helo']);
});

it('a frame that comes twice, or an old version that comes late, changes nothing', async () => {
  const page = await world.openPage();
  const message = team().say(team().latest, 'one');
  team().change(team().latest, message.id, { content: 'two' });
  await until(() => texts(page).join() === 'two');
  const [first, edited] = team().latest.log;
  team().tell(team().latest, first!);
  team().tell(team().latest, edited!);
  team().tell(team().latest, { type: 'message_edited', seq: team().latest.seq + 1, data: message });
  team().say(team().latest, 'three');
  await until(() => texts(page).length === 2);
  expect(texts(page)).toEqual(['two', 'three']);
});

it('what was said while the stream was cut arrives once, in order', async () => {
  const page = await world.openPage();
  team().say(team().latest, 'before');
  await until(() => texts(page).length === 1);
  world.server.cut();
  await until(() => page.client.state().link === 'lost');
  team().say(team().latest, 'during 1');
  team().say(team().latest, 'during 2');
  world.clock.advance(1000);
  await until(() => texts(page).length === 3);
  expect(texts(page)).toEqual(['before', 'during 1', 'during 2']);
  expect(world.server.to('/connect')).toHaveLength(1);
});

it('a stream that goes silent is replaced', async () => {
  const page = await world.openPage();
  await until(() => world.server.followers === 1);
  world.clock.advance(45_000);
  await until(() => page.client.state().link === 'lost');
  world.clock.advance(1000);
  await until(() => page.client.state().link === 'live');
});

it('reset reloads everything through connect', async () => {
  const page = await world.openPage();
  team().say(team().latest, 'one');
  await until(() => texts(page).length === 1);
  team().latest.messages.push({ ...team().latest.messages[0]!, id: 'msg_x', seq: 1, content: 'restored' });
  team().tell(team().latest, { type: 'reset', data: { reason: 'too_far_behind' } });
  await until(() => page.client.state().link === 'lost');
  world.clock.advance(1000);
  await until(() => texts(page).length === 2);
  expect(world.server.to('/connect')).toHaveLength(2);
});

it('falls back to server-sent events, and climbs to the WebSocket again', async () => {
  world.server.webSocket = 'refused';
  const page = world.page();
  page.client.open();
  for (const wait of [750, 1500]) {
    await until(() => world.clock.delays.includes(wait));
    world.clock.advance(wait);
  }
  await until(() => page.client.state().link === 'live');
  expect(world.server.to('/stream')).toHaveLength(1);
  team().say(team().latest, 'over SSE: ünïcödé 👋');
  await until(() => texts(page).length === 1);
  world.server.webSocket = 'works';
  // Nobody says so to a page that is between two carriers.
  team().online = false;
  world.clock.advance(30_000);
  await until(() => world.server.sockets.size === 1);
  await until(() => page.client.state().presence?.online === false);
  team().say(team().latest, 'over WebSocket');
  await until(() => texts(page).length === 2);
});

it('falls back to long polling when nothing streams', async () => {
  world.server.webSocket = 'silent';
  world.server.events = 'refused';
  const page = world.page();
  page.client.open();
  await until(() => page.client.state().link === 'connecting' && world.server.sockets.size === 1);
  for (let step = 0; page.client.state().link !== 'live'; step++) {
    expect(step).toBeLessThan(100);
    world.clock.advance(5_000);
    await settled(world.server);
  }
  expect(world.server.to('/events').length).toBeGreaterThan(0);
  team().say(team().latest, 'by polling');
  await until(() => texts(page).length === 1);
  team().say(team().latest, 'again');
  await until(() => texts(page).length === 2);
});

it('a failed attempt to climb returns to the carrier that worked', async () => {
  world.server.webSocket = 'refused';
  const page = world.page();
  page.client.open();
  for (const wait of [750, 1500]) {
    await until(() => world.clock.delays.includes(wait));
    world.clock.advance(wait);
  }
  await until(() => page.client.state().link === 'live');
  world.clock.advance(30_000);
  await until(() => page.client.state().link === 'lost');
  world.clock.advance(1_000);
  await until(() => page.client.state().link === 'live');
  expect(world.server.to('/stream')).toHaveLength(2);
});

it('a stream that refuses the token makes a new visitor', async () => {
  const page = await world.openPage();
  team().tokens.clear();
  world.server.cut();
  await until(() => page.client.state().link === 'lost');
  world.clock.advance(1_000);
  await until(() => page.client.state().link === 'lost' && world.clock.delays.includes(1_500));
  world.clock.advance(1_500);
  await until(() => page.client.state().link === 'live');
  expect(team().sessions.size).toBe(2);
});

it('pages back until the beginning', async () => {
  const first = await world.openPage();
  for (let n = 1; n <= 120; n++) team().say(team().latest, `${n}`);
  world.leave(first);
  const page = await world.openPage();
  expect(texts(page)).toHaveLength(50);
  await Promise.all([page.client.loadOlder(), page.client.loadOlder()]);
  expect(texts(page)).toHaveLength(100);
  await page.client.loadOlder();
  expect(texts(page)).toEqual(Array.from({ length: 120 }, (_, n) => `${n + 1}`));
  expect(page.client.state().hasMore).toBe(false);
});

it('an edit of a message that is not loaded does not tear a hole', async () => {
  const first = await world.openPage();
  for (let n = 1; n <= 60; n++) team().say(team().latest, `${n}`);
  world.leave(first);
  const page = await world.openPage();
  team().change(team().latest, team().latest.messages[0]!.id, { content: 'edited' });
  team().say(team().latest, 'last');
  await until(() => texts(page).at(-1) === 'last');
  expect(texts(page)).not.toContain('edited');
});

it('ticks follow the team', async () => {
  const page = await world.openPage();
  await page.client.sendMessage('hello');
  const { seq } = page.client.state().messages[0]!;
  team().receive(team().latest, 'operator', 'delivered', seq);
  await until(() => page.client.state().read.operatorDelivered === seq);
  team().receive(team().latest, 'operator', 'read', seq);
  await until(() => page.client.state().read.operatorRead === seq);
});

it('counts unread messages while closed, and tells the team once they are seen', async () => {
  const page = await world.openPage();
  page.client.close();
  team().say(team().latest, 'one');
  team().say(team().latest, 'two');
  await until(() => unreadMessages(page.client.state()).length === 2);
  page.tab.show(false);
  page.client.open();
  world.clock.advance(300);
  await settled(world.server);
  expect(world.server.to('/read')).toEqual([]);
  page.tab.show(true);
  world.clock.advance(300);
  await until(() => unreadMessages(page.client.state()).length === 0);
  expect(world.server.to('/read').map(({ body }) => body.messageIds)).toEqual([
    team().latest.messages.map((message) => message.id),
  ]);
});

it('shows who is typing, for six seconds at most, or until the message is there', async () => {
  const page = await world.openPage();
  const typing = () =>
    team().tell(team().latest, { type: 'typing', data: { sender: 'operator', name: 'Ada', isTyping: true } });
  typing();
  await until(() => page.client.state().typing?.name === 'Ada');
  world.clock.advance(6_000);
  expect(page.client.state().typing).toBeUndefined();
  typing();
  await until(() => page.client.state().typing);
  team().say(team().latest, 'done');
  await until(() => texts(page).length === 1);
  expect(page.client.state().typing).toBeUndefined();
});

it('tells the team about typing every three seconds, and when it stops', async () => {
  const page = await world.openPage();
  page.client.typed('h');
  page.client.typed('he');
  world.clock.advance(3_000);
  page.client.typed('hel');
  world.clock.advance(4_000);
  await until(() => world.server.typings.length === 3);
  expect(world.server.typings).toEqual([true, true, false]);
});

it('presence is asked for again after an outage', async () => {
  const page = await world.openPage();
  world.server.cut();
  await until(() => page.client.state().link === 'lost');
  team().online = false;
  world.clock.advance(1_000);
  await until(() => page.client.state().presence?.online === false);
});

it('a conversation the team has closed says so until somebody writes', async () => {
  const page = await world.openPage();
  team().close(team().latest, 'operator');
  await until(() => page.client.state().closed === 'team');
  await page.client.sendMessage('one more thing');
  expect(page.client.state().closed).toBeUndefined();
  expect(team().sessions.size).toBe(1);
});
