import { readFileSync } from 'node:fs';
import { PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describeWith, postgresDatabase } from '@pocketping/testing/servers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FakeBridge } from '../engine/fake-bridge.js';
import { visitor } from '../engine/house.js';
import { PostgresStorage } from './postgres-storage.js';

const guide = readFileSync(new URL('../../../../docs/guides/storage.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text);
const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the guide to storages', () => {
  it('shows the class and the contract that run here, and ends in the contract', () => {
    expect(blocks).toContain(file('postgres-storage.ts'));
    expect(blocks).toContain(file('../lifted/examples/redis-storage.ts'));
    expect(blocks.at(-1)).toBe(file('contract.test.ts'));
  });

  it('names every method of the interface', () => {
    const source = file('../../../core/src/storage/lifted/storage.ts');
    const methods = [...source.matchAll(/^ {2}(\w+)\??\(/gm)].map(([, name]) => name);
    expect(methods).toHaveLength(11);
    for (const method of methods) expect(guide).toContain(`\`${method}\``);
  });
});

describeWith(await postgresDatabase(), 'the storage of the guide on a real PostgreSQL', ({ url, stop }) => {
  afterAll(stop);
  const bridge = new FakeBridge();
  const begin = async () => {
    const logger = recordingLogger();
    const pp = new PocketPing({ storage: new PostgresStorage(url), logger, bridge });
    await pp.start();
    return { pp, logger };
  };

  it('loses nothing that anybody could see when the process starts again', async () => {
    const { pp, logger } = await begin();
    const guest = await visitor({ pp });
    const first = await guest.say('helo');
    const gone = await guest.say('my card is 4111');
    await vi.waitFor(() => expect(bridge.posts.at(-1)?.text).toContain('4111'));
    const reply = await bridge.type('Hi there');
    await bridge.command('note', { args: 'a regular' });
    await pp.conversation.edit(guest.actor, { ...guest, messageId: first.id, content: 'hello' });
    await pp.conversation.remove(guest.actor, { ...guest, messageId: gone.id });
    await pp.identify(guest.sessionId, { email: 'ada@example.com' });
    await vi.waitFor(async () => expect(await pp.health()).toMatchObject({ bridges: [{ backlog: 0 }] }));
    const shown = async (engine: PocketPing) => [
      await engine.getSessions(),
      await engine.getSession(guest.sessionId),
      await engine.getMessages(guest.sessionId, { notes: true }),
    ];
    const before = await shown(pp);
    const posts = bridge.posts.map(({ text }) => text);
    expect(before[2]).toHaveLength(4);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ message: expect.not.stringContaining('updateSession') }),
    ]);
    await pp.stop();

    const { pp: again } = await begin();
    expect(await shown(again)).toEqual(before);
    await bridge.edit(reply, 'Hi there, I am Ada', { version: 2 });
    await bridge.type('Still there?');
    const actor = await again.conversation.authenticate(guest.token);
    await again.conversation.send(actor, { sessionId: guest.sessionId, content: 'yes' });
    await vi.waitFor(() => expect(bridge.posts.at(-1)?.text).toBe('<yes>'));
    expect(bridge.posts.map(({ text }) => text)).toEqual([...posts, '<yes>']);
    expect(bridge.threads).toHaveLength(1);
    const { messages } = await again.conversation.connect({ visitorId: 'v' }, { token: guest.token });
    expect(messages.map(({ content }) => content)).toEqual([
      'hello',
      '',
      'Hi there, I am Ada',
      'Still there?',
      'yes',
    ]);
    await again.stop();
  });
});
