import { setTimeout as pause } from 'node:timers/promises';
import type { InboundMessage } from '@pocketping/core';
import { call, eventually } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { card, contentsOf, listening, said } from './emulated.js';

describe('what is heard', () => {
  it('is what people do in threads of this channel', async () => {
    const { discord, bridge, ada, thread, received } = await listening();
    const other = discord.addChannel('random');
    const foreign = ada.createThread(other, 'lunch');
    ada.type(other, 'off topic');
    ada.type(foreign.id, 'off topic, too');
    ada.type(discord.channelId, 'team talk');
    discord.otherBot('Helper').type(thread.threadId, 'beep');
    await said(bridge, thread, 'from the website');
    ada.type(thread.threadId, 'for the visitor');
    await eventually(() => expect(received).toHaveLength(1));
    expect(contentsOf(received)).toEqual(['for the visitor']);
  });

  it('is a command in the channel itself, too', async () => {
    const { discord, ada, received } = await listening();
    ada.type(discord.channelId, '!online');
    ada.type(discord.channelId, '!!! look');
    ada.type(discord.channelId, '!status now');
    await eventually(() => expect(received).toHaveLength(2));
    expect(received).toMatchObject([
      { kind: 'command', name: 'online', args: '' },
      { kind: 'command', name: 'status', args: 'now' },
    ]);
    expect(received[0]?.ref.threadId).toBeUndefined();
  });

  it('is an edit, and that an edit made it a command', async () => {
    const { ada, thread, received } = await listening();
    const written = ada.type(thread.threadId, 'helo');
    ada.edit(written.id, 'hello');
    ada.edit(written.id, '!close see you');
    await eventually(() => expect(received).toHaveLength(3));
    expect(received[1]).toMatchObject({ kind: 'edit', content: 'hello' });
    expect(received[2]).toMatchObject({ kind: 'edit', command: { name: 'close', args: 'see you' } });
  });

  it('is a deletion, which Discord reports', async () => {
    const { discord, ada, thread, received } = await listening();
    const written = ada.type(thread.threadId, 'wrong window');
    ada.delete(written.id);
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[1]).toMatchObject({
      kind: 'delete',
      ref: { chatId: discord.channelId, threadId: thread.threadId, platformId: written.id },
    });
    expect(received[1]).not.toHaveProperty('asked');
  });

  it('is a deletion of what the bot posted, unless the bot itself removes it', async () => {
    const { discord, bridge, ada, thread, received } = await listening();
    const [kept, removed] = [await said(bridge, thread, 'one'), await said(bridge, thread, 'two')];
    await bridge.editing.remove(removed, call());
    ada.type(thread.threadId, 'hello');
    await eventually(() => expect(contentsOf(received)).toEqual(['hello']));
    expect(received).toHaveLength(1);
    discord.operator('Moderator').delete(kept.platformId);
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[1]).toMatchObject({ kind: 'delete', ref: { platformId: kept.platformId } });
  });

  it('is each of several deletions, which Discord reports together', async () => {
    const { ada, thread, received } = await listening();
    const written = ['one', 'two', 'three'].map((text) => ada.type(thread.threadId, text).id);
    ada.purge(thread.threadId, written.slice(1));
    await eventually(() => expect(received).toHaveLength(5));
    const ref = { threadId: thread.threadId };
    expect(received.slice(3)).toMatchObject(
      written.slice(1).map((platformId) => ({ kind: 'delete', ref: { ...ref, platformId } })),
    );
  });

  it('is that somebody types, unless it is a bot', async () => {
    const { discord, bridge, ada, thread, typists } = await listening();
    await bridge.typing?.show(thread, call());
    discord.otherBot('Helper').typing(thread.threadId);
    ada.typing(discord.channelId);
    ada.typing(thread.threadId);
    await eventually(() => expect(typists).toEqual(['Ada']));
  });

  it('says what cannot be delivered', async () => {
    const { ada, thread, received } = await listening();
    ada.sendFile(thread.threadId, 'invoice.pdf', '!note see this');
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ kind: 'command', args: 'see this', undeliverable: 'Files' });
  });

  it('is what is said in a thread that was archived when the bridge came', async () => {
    const { discord, bridge, ada, thread, host, received } = await listening();
    await bridge.stop();
    ada.archive(thread.threadId);
    await bridge.start(host);
    expect(discord.thread(thread.threadId)?.archived).toBe(true);
    ada.type(thread.threadId, 'one more thing');
    await eventually(() => expect(contentsOf(received)).toEqual(['one more thing']));
  });
});

describe('catching up', () => {
  const all = async ({ bridge }: Awaited<ReturnType<typeof listening>>, since: number) => {
    const found = [];
    for await (const inbound of bridge.catchUp?.since(since, call()) ?? []) if (inbound) found.push(inbound);
    return found;
  };

  it('finds what was said in the channel and in active and archived threads, oldest first in each', async () => {
    const world = await listening();
    const { discord, bridge, ada, thread } = world;
    const second = await bridge.open({ ...card, sessionId: 'sess_2' }, call());
    const since = Date.now() - 1;
    await said(bridge, thread, 'from the website');
    const first = ada.type(thread.threadId, 'one');
    ada.type(second.threadId, 'two');
    ada.type(discord.channelId, 'team talk');
    ada.type(discord.channelId, '!online');
    ada.type(thread.threadId, 'three', { replyTo: first.id });
    ada.archive(second.threadId);
    const found = await all(world, since);
    expect(found.map(({ kind, ref }) => [kind, ref.threadId])).toEqual([
      ['command', undefined],
      ['message', thread.threadId],
      ['message', thread.threadId],
      ['message', second.threadId],
    ]);
    expect(contentsOf(found)).toEqual(['one', 'three', 'two']);
    expect(found[2]).toMatchObject({ replyTo: { platformId: first.id } });
  });

  it('finds more than a page holds, and what was changed meanwhile as it is now', async () => {
    const world = await listening();
    const { ada, thread } = world;
    const since = Date.now() - 1;
    const texts = Array.from({ length: 230 }, (_, at) => `message ${at}`);
    for (const text of texts) ada.type(thread.threadId, text);
    const last = ada.type(thread.threadId, 'helo');
    ada.edit(last.id, 'hello');
    const found = await all(world, since);
    expect(contentsOf(found)).toEqual([...texts, 'hello']);
    const [first] = found as InboundMessage[];
    expect((found.at(-1) as InboundMessage).version).toBeGreaterThan(first?.version ?? Infinity);
  });

  it('pages through the archived threads, newest first, as far back as it has to', async () => {
    let time = Date.now();
    const world = await listening({}, { clock: { now: () => (time += 10) } });
    const { discord, ada } = world;
    const archived = (count: number, text: string) => {
      for (let at = 0; at < count; at++) {
        const { id } = ada.createThread(discord.channelId, text);
        ada.type(id, `${text} ${at}`);
        ada.archive(id);
      }
    };
    archived(150, 'long ago');
    const since = time;
    archived(101, 'missed');
    const found = contentsOf(await all(world, since));
    expect(found).toHaveLength(101);
    expect(new Set(found)).toEqual(new Set(Array.from({ length: 101 }, (_, at) => `missed ${at}`)));
    const pages = discord.calls.filter(({ route }) => route.endsWith('/threads/archived/public'));
    expect(pages).toHaveLength(2);
  });

  it('finds nothing from before, and is over at once when nothing was said', async () => {
    const world = await listening();
    world.ada.type(world.thread.threadId, 'long ago');
    expect(await all(world, Date.now() + 1000)).toEqual([]);
  });

  it('goes back to the last sign of life, for a dead line is noticed late', async () => {
    const world = await listening();
    const { discord, ada, thread, told } = world;
    const reopen = discord.gateway.shut();
    discord.gateway.drop({ resumable: false });
    ada.type(thread.threadId, 'into the void');
    reopen();
    await eventually(() => expect(told.filter((what) => what === 'missed')).toHaveLength(2));
    const believed = Date.now() + 60_000;
    expect(contentsOf(await all(world, believed))).toEqual(['into the void']);
    expect(await all(world, believed)).toEqual([]);
  }, 20_000);

  it('waits where Discord says so, and begins nothing anew', async () => {
    const world = await listening();
    const { discord, ada, thread } = world;
    // What Discord itself said when the thread began is older than what is asked for.
    await pause(5);
    const since = Date.now() - 1;
    ada.type(thread.threadId, 'one');
    const paths = ['/guilds/{guild}/threads/active', '/channels/{channel}/messages'];
    for (const path of paths) discord.fault({ kind: 'rate_limit', method: `GET ${path}`, retryAfter: 0.2 });
    const asked = () => discord.calls.filter(({ route }) => paths.some((path) => route === `GET ${path}`));
    expect(contentsOf(await all(world, since))).toEqual(['one']);
    expect(asked()).toHaveLength(4);
  });

  it('says why it cannot look, and finds it all the next time', async () => {
    const world = await listening();
    const { discord, ada, thread } = world;
    const since = Date.now() - 1;
    ada.type(thread.threadId, 'one');
    discord.fault({ kind: 'server_error', method: 'GET /channels/{channel}/messages' });
    await expect(all(world, since)).rejects.toMatchObject({ code: 'unavailable' });
    expect(contentsOf(await all(world, since))).toEqual(['one']);
  });
});
