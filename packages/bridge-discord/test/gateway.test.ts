import { setTimeout as pause } from 'node:timers/promises';
import { call, eventually, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { card, contentsOf, emulated, listening } from './emulated.js';

describe('the gateway', () => {
  it('resumes after a drop: nothing is missed, and nothing comes twice', async () => {
    const { discord, ada, thread, received, told } = await listening();
    discord.gateway.drop();
    ada.type(thread.threadId, 'while the line was cut');
    await eventually(() => expect(contentsOf(received)).toEqual(['while the line was cut']));
    expect(discord.gateway).toMatchObject({ identified: 1, resumed: 1 });
    expect(told).toEqual(['missed']);
  });

  it.each([
    ['a drop without a session', 'drop'],
    ['an invalid session', 'invalidate'],
  ])(
    'begins anew after %s, and says that something may have been missed',
    async (_, how) => {
      const { discord, ada, thread, received, told } = await listening();
      if (how === 'drop') discord.gateway.drop({ resumable: false });
      else discord.gateway.invalidate();
      await eventually(() => expect(told).toEqual(['missed', 'missed']));
      expect(discord.gateway.identified).toBe(2);
      ada.type(thread.threadId, 'and now');
      await eventually(() => expect(contentsOf(received)).toEqual(['and now']));
    },
    20_000,
  );

  it('connects again when Discord asks for it', async () => {
    const { discord, ada, thread, received } = await listening();
    discord.gateway.requestReconnect();
    await eventually(() => expect(discord.gateway.resumed).toBe(1));
    ada.type(thread.threadId, 'still here');
    await eventually(() => expect(contentsOf(received)).toEqual(['still here']));
  });

  it('hands over again what the engine could not take, in order, and nothing behind it first', async () => {
    const { ada, thread, host, received } = await listening();
    const attempts: string[] = [];
    let refusals = 2;
    host.receive = async (inbound) => {
      attempts.push(...contentsOf([inbound]));
      if (refusals-- > 0) throw new Error('The storage is away');
      received.push(inbound);
    };
    for (const text of ['one', 'two', 'three']) ada.type(thread.threadId, text);
    await eventually(() => expect(contentsOf(received)).toEqual(['one', 'two', 'three']));
    expect(attempts).toEqual(['one', 'one', 'one', 'two', 'three']);
  });

  it('hands over what comes twice twice, with the same id and version', async () => {
    const { discord, ada, thread, received } = await listening();
    discord.deliverTimes(2);
    ada.type(thread.threadId, 'twice');
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[1]).toEqual(received[0]);
  });

  it('says that it is broken when only a person can help, and goes on by itself when they did', async () => {
    const clock = virtualClock(Date.now());
    const { discord, ada, thread, received, told } = await listening({}, {}, clock);
    discord.setMessageContent(false);
    discord.gateway.drop({ code: 4014 });
    await eventually(() => expect(told.at(-1)).toContain('Message Content Intent'));
    await clock.advance(60_000);
    await eventually(() => expect(told.filter((line) => line.startsWith('broken'))).toHaveLength(2));
    discord.setMessageContent(true);
    await eventually(async () => {
      await clock.advance(60_000);
      expect(told.slice(-2)).toEqual(['missed', 'healed']);
    });
    ada.type(thread.threadId, 'and on');
    await eventually(() => expect(contentsOf(received)).toEqual(['and on']));
    expect(discord.gateway.connected).toBe(1);
  }, 20_000);

  it('says that it is interrupted only when that lasts, and that it works again', async () => {
    const clock = virtualClock(Date.now());
    const { discord, ada, thread, received, told } = await listening({}, {}, clock);
    const reopen = discord.gateway.shut();
    await eventually(() => expect(clock.pending).toBeGreaterThan(0));
    expect(told).toEqual(['missed']);
    await clock.advance(10_000);
    expect(told.at(-1)).toContain('interrupted');
    ada.type(thread.threadId, 'while it was away');
    reopen();
    await eventually(() => expect(told.at(-1)).toBe('healed'));
    await eventually(() => expect(contentsOf(received)).toEqual(['while it was away']));
  }, 20_000);

  it('passes over what it does not understand, and hears what follows', async () => {
    const { discord, ada, thread, received, logger } = await listening();
    const sane = ada.type(thread.threadId, 'before');
    await eventually(() => expect(received).toHaveLength(1));
    for (const [name, payload] of [
      [
        'MESSAGE_CREATE',
        { id: '1', channel_id: thread.threadId, type: 0, author: { id: '2' }, timestamp: 'x' },
      ],
      ['MESSAGE_UPDATE', { id: sane.id, channel_id: thread.threadId, type: 0 }],
      ['MESSAGE_DELETE', { id: '3', channel_id: 'nonsense/../..' }],
      ['TYPING_START', { channel_id: thread.threadId, user_id: '4' }],
    ] as const) {
      discord.gateway.dispatch(name, payload);
    }
    ada.type(thread.threadId, 'after');
    await eventually(() => expect(contentsOf(received)).toEqual(['before', 'after']));
    expect(logger.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
  });

  it('passes over what it does not understand while it begins, and hears what follows', async () => {
    const { discord, bridge, ada, host, received, logger } = await emulated();
    for (const payload of [null, 7, {}, []]) discord.gateway.dispatchFirst('MESSAGE_CREATE', payload);
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    for (const text of ['one', 'two', 'three', 'four', 'five']) ada.type(thread.threadId, text);
    await eventually(() => expect(contentsOf(received)).toEqual(['one', 'two', 'three', 'four', 'five']));
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('what came from Discord') }),
    );
  });

  it('survives a connection that ends while it waits to be let in again', async () => {
    const { discord, ada, thread, received } = await listening();
    // A client may begin a session every five seconds; until then this one waits with its connection open.
    discord.gateway.drop({ code: 1000, resumable: false });
    await pause(2500);
    const reopen = discord.gateway.shut({ silent: true });
    await pause(4000);
    reopen();
    await eventually(() => expect(discord.gateway.connected).toBe(1));
    ada.type(thread.threadId, 'after');
    await eventually(() => expect(contentsOf(received)).toEqual(['after']));
  }, 20_000);

  it('survives an address that is none, and connects anew', async () => {
    const clock = virtualClock(Date.now());
    const { discord, ada, thread, received, told } = await listening({}, {}, clock);
    const [ready = '{}'] = discord.gateway.frames();
    discord.gateway.dispatch('READY', { ...JSON.parse(ready).d, resume_gateway_url: 'nonsense' });
    ada.type(thread.threadId, 'before');
    await eventually(() => expect(contentsOf(received)).toEqual(['before']));
    discord.gateway.drop();
    await eventually(() => expect(told.at(-1)).toContain('broken'));
    await eventually(async () => {
      await clock.advance(60_000);
      expect(told.at(-1)).toBe('healed');
    });
    ada.type(thread.threadId, 'after');
    await eventually(() => expect(contentsOf(received)).toEqual(['before', 'after']));
  }, 20_000);

  it('lets nothing through after it was stopped', async () => {
    const { discord, bridge, ada, thread, received } = await listening();
    await bridge.stop();
    ada.type(thread.threadId, 'too late');
    await eventually(() => expect(discord.gateway.connected).toBe(0));
    expect(received).toEqual([]);
  });
});
