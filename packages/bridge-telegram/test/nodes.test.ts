import { MemoryStorage, type WebhookRequest } from '@pocketping/core';
import { TelegramEmulator } from '@pocketping/emulators';
import { engineInTest, eventually, virtualClock, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TelegramBridge } from '../src/index.js';
import { callable } from './callable.js';

const clock = virtualClock(Date.now());

const isOf = ({ body }: WebhookRequest, text: string): boolean => String(body).includes(`"text":"${text}"`);

/** Two nodes over one storage; Telegram calls whichever is told to take its calls. */
const cluster = async () => {
  const calls = callable();
  const telegram = await TelegramEmulator.start(calls.emulator);
  onTestFinished(() => telegram.close());
  const storage = new MemoryStorage({ clock });
  const { botToken, forumChatId, apiRoot } = telegram;
  const node = async () => {
    const bridge = new TelegramBridge({ botToken, forumChatId, apiRoot, webhook: { url: calls.url } });
    const { pp } = engineInTest({ bridge, storage, clock });
    await pp.start();
    return { pp, take: (request: WebhookRequest) => pp.webhook('telegram', request) };
  };
  const nodes = [await node(), await node()] as const;
  const anna = await visitorInTest(nodes[0].pp, 'anna');
  await anna.say('hello');
  const { topicId } = await telegram.waitForMessage(({ text }) => text === 'hello');
  return { telegram, calls, storage, nodes, anna, topicId, ada: telegram.operator({ name: 'Ada' }) };
};

describe('updates that Telegram posts', () => {
  it('can be taken by any node, also by one that stands by', async () => {
    const { calls, nodes, anna, ada, topicId } = await cluster();
    for (const [number, { pp, take }] of nodes.entries()) {
      calls.probe.connect(take);
      ada.type(topicId, `by node ${number}`);
      await eventually(async () => expect((await anna.sees()).at(-1)).toBe(`by node ${number}`));
      const states = (await pp.health()).bridges.map(({ state }) => state);
      expect(states).toEqual([number === 0 ? 'up' : 'standby']);
    }
  });

  it('have no effect without the secret, and one effect however often they come', async () => {
    const { calls, nodes, anna, ada, topicId } = await cluster();
    ada.type(topicId, 'hi');
    calls.probe.connect(async (request) => ({ status: isOf(request, 'hi') ? 503 : 200 }));
    const sent = () => calls.probe.requests().find((one) => isOf(one, 'hi')) as WebhookRequest;
    await eventually(() => expect(sent()).toBeDefined());
    const { headers, body } = sent();
    for (const { take } of nodes) {
      expect(await take({ headers: {}, body })).toMatchObject({ status: 401 });
      const guess = { ...headers, 'x-telegram-bot-api-secret-token': 'guess' };
      expect(await take({ headers: guess, body })).toMatchObject({ status: 401 });
    }
    expect(await anna.sees()).toEqual(['hello']);
    for (const { take } of [...nodes, ...nodes])
      expect(await take({ headers, body })).toMatchObject({ status: 200 });
    expect(await anna.sees()).toEqual(['hello', 'hi']);
  });

  it('are not answered with success before they are stored, and come again until they are', async () => {
    const { calls, nodes, storage, anna, ada, topicId } = await cluster();
    const { commit } = storage;
    let down = true;
    storage.commit = async (write) => {
      if (down && write.dedupe?.scope.startsWith('in/')) throw new Error('the disk is full');
      return commit.call(storage, write);
    };
    const statuses: number[] = [];
    calls.probe.connect(async (request) => {
      const answer = await nodes[0].take(request);
      if (isOf(request, 'hi')) statuses.push(answer.status);
      return answer;
    });
    ada.type(topicId, 'hi');
    await eventually(() => expect(statuses.length).toBeGreaterThan(1));
    expect(new Set(statuses)).toEqual(new Set([503]));
    down = false;
    await eventually(() => expect(statuses.at(-1)).toBe(200));
    expect(await anna.sees()).toEqual(['hello', 'hi']);
  });
});
