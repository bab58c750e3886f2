import { MemoryStorage } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PocketPing, type PocketPingConfig } from '../src/index.js';
import { bridgeServer, Desk } from './desk.js';
import { routeOf } from './next.js';
import { Visitor } from './visitor.js';

const open = (config: PocketPingConfig) => {
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), logger, ...config });
  onTestFinished(() => pp.stop());
  return { pp, warnings: logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message) };
};

const bridgesOf = async (pp: PocketPing) => (await pp.health()).bridges.map(({ name }) => name);

describe('where bridgeUrl comes from a variable that is not set', () => {
  it.each([
    ['undefined', undefined],
    ['empty', ''],
    ['empty', '  '],
  ])('there is no bridge, and the log says that it is %s, and what to do', async (told, bridgeUrl) => {
    const { pp, warnings } = open({ bridgeUrl });
    expect(warnings).toEqual([
      `bridgeUrl is ${told}, so nobody of the team sees what visitors write. Is the variable set that it comes from, e.g. BRIDGE_URL=http://localhost:3001?`,
    ]);
    expect(await bridgesOf(pp)).toEqual([]);
    const visitor = await Visitor.connect('https://a/api/pocketping', routeOf({ POST: pp.nextHandler() }));
    await visitor.say('hello');
  });

  it('the log says so too where other bridges are left', () => {
    const { warnings } = open({ bridgeUrl: undefined, bridge: new Desk().bridge });
    expect(warnings).toEqual([expect.stringContaining('the team is reached by the other bridges only')]);
  });

  it('a key alone is told to lack the address', () => {
    expect(open({ apiKey: 'secret' }).warnings).toEqual([
      'apiKey is given without a bridgeUrl, so nobody of the team sees what visitors write. Pass the address of the server, too.',
    ]);
  });

  it('an engine that wants no server is warned of nothing', () => {
    expect(open({}).warnings).toEqual([]);
    expect(open({ bridges: [new Desk().bridge], bridgeUrl: 'http://127.0.0.1:9' }).warnings).toEqual([]);
  });
});

it('refuses an address that cannot work, and says what to change', () => {
  expect(() => open({ bridgeUrl: 'chat.example.com' })).toThrow('bridgeUrl must begin with https://');
});

it('says at start what is wrong with the key', async () => {
  const { url } = await bridgeServer('secret');
  const { pp } = open({ bridgeUrl: url, apiKey: 'wrong' });
  await expect(pp.start()).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('API_KEY'),
  });
});

it('has a server and bridges of its own side by side: each shows what is said, and hears what the other hears', async () => {
  const { url, desk: far } = await bridgeServer();
  const [near, other] = [new Desk('near'), new Desk('other')];
  const { pp } = open({ bridgeUrl: url, bridge: near.bridge, bridges: [other.bridge] });
  expect(await bridgesOf(pp)).toEqual(['near', 'other', 'remote']);
  const send = routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() });
  const visitor = await Visitor.connect('https://a/api/pocketping', send);
  await visitor.openEventStream();
  await visitor.say('hello');
  for (const desk of [near, other, far])
    await vi.waitFor(() => expect(desk.posts).toEqual(['hello']), 10_000);
  await far.reply('from afar');
  await vi.waitFor(() => expect(near.posts).toEqual(['hello', 'from afar']), 10_000);
  await near.reply('from here');
  await vi.waitFor(() => expect(far.posts).toEqual(['hello', 'from here']), 10_000);
  await vi.waitFor(() => expect(visitor.heard).toEqual(['from afar', 'from here']), 10_000);
});
