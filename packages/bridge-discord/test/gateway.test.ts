import { describe, expect, it } from 'vitest';
import { contentsOf, eventually, listening } from './emulated.js';

describe('the gateway', () => {
  it('resumes after a drop: nothing is missed, and nothing comes twice', async () => {
    const { discord, ada, thread, received, told } = await listening();
    discord.dropGateway();
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
      if (how === 'drop') discord.dropGateway({ resumable: false });
      else discord.invalidateSession();
      await eventually(() => expect(told).toEqual(['missed', 'missed']));
      expect(discord.gateway.identified).toBe(2);
      ada.type(thread.threadId, 'and now');
      await eventually(() => expect(contentsOf(received)).toEqual(['and now']));
    },
    20_000,
  );

  it('connects again when Discord asks for it', async () => {
    const { discord, ada, thread, received } = await listening();
    discord.requestReconnect();
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
    discord.deliverTwice();
    ada.type(thread.threadId, 'twice');
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[1]).toEqual(received[0]);
  });

  it('says that it is broken when only a person can help, and goes on when they did', async () => {
    const { discord, bridge, told } = await listening();
    discord.dropGateway({ code: 4014 });
    await eventually(() => expect(told.at(-1)).toContain('Message Content Intent'));
    await bridge.stop();
    expect(told.filter((line) => line.startsWith('broken'))).toHaveLength(1);
  });

  it('lets nothing through after it was stopped', async () => {
    const { discord, bridge, ada, thread, received } = await listening();
    await bridge.stop();
    ada.type(thread.threadId, 'too late');
    await eventually(() => expect(discord.gateway.connected).toBe(0));
    expect(received).toEqual([]);
  });
});
