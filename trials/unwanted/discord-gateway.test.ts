import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { comesTooSoon, saidAndChanged } from './again.js';
import { openWorld, type World } from './world.js';

/* A frame that ends the process fails this file: Vitest reports what nobody caught. */

let world: World;
/** The event of a message that somebody wrote. */
let genuine: Fields;
beforeAll(async () => {
  world = await openWorld();
  genuine = eventOf('here, in discord');
});
afterAll(() => world.close());

const say = (words: string) => world.say('discord', words);
const unharmed = (act: () => unknown) => world.unharmed(act, say);

type Fields = Record<string, unknown>;

/** The event of something that was said, as the gateway told of it. */
const eventOf = (words: string, type = 'MESSAGE_CREATE'): Fields => {
  const frames = world.discord.gateway
    .frames()
    .map((frame) => JSON.parse(frame) as { t: string; d: Fields | null });
  return frames.findLast(({ t, d }) => t === type && d?.content === words)?.d as Fields;
};

let ids = 0;
/** What could be a new message, but for a change. */
const newMessage = (change: Fields = {}): Fields => ({
  ...genuine,
  id: `9${String(++ids).padStart(17, '0')}`,
  content: `invented ${ids}`,
  ...change,
});

const dispatch = (payload: unknown, type = 'MESSAGE_CREATE') => world.discord.gateway.dispatch(type, payload);

describe('a frame that is not whole', () => {
  it('has no effect, wherever it was cut', () =>
    unharmed(() => {
      const frame = JSON.stringify({ op: 0, t: 'MESSAGE_CREATE', s: 5, d: newMessage() });
      for (let length = 0; length < frame.length; length += 11)
        world.discord.gateway.send(frame.slice(0, length));
    }));

  it('is noticed, and what it held is asked for', async () => {
    world.discord.gateway.cutNext();
    say('cut in the middle');
    await world.arrival('cut in the middle');
  });
});

describe('a frame that says nothing', () => {
  it('has no effect', () =>
    unharmed(() => {
      const frames = [
        ...[
          'null',
          '7',
          '"x"',
          '[]',
          '{}',
          'true',
          '{"op":null}',
          '{"op":"0"}',
          '{"op":99,"d":{}}',
          '{"op":-1}',
        ],
        ...['{"op":0}', '{"op":0,"t":null,"s":null,"d":null}', '{"op":0,"t":"CONSTRUCTOR","d":{}}'],
        ...[
          '{"op":0,"t":"__proto__","d":{}}',
          '{"op":0,"t":"toString","d":{}}',
          '{"op":11}',
          '{"op":5,"d":7}',
        ],
        '{"__proto__":{"op":0,"t":"MESSAGE_CREATE","d":{"content":"x"}}}',
        `{"op":0,"t":"MESSAGE_CREATE","d":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      ];
      for (const frame of frames) world.discord.gateway.send(frame);
      world.discord.gateway.send(Uint8Array.of(0x78, 0x9c, 0x00, 0xff));
    }));

  const TOLD = [
    ...['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK', 'TYPING_START'],
    ...['THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE', 'THREAD_LIST_SYNC', 'THREAD_MEMBERS_UPDATE'],
    ...['CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE', 'CHANNEL_PINS_UPDATE', 'MESSAGE_REACTION_ADD'],
    ...['GUILD_MEMBER_UPDATE', 'GUILD_ROLE_UPDATE', 'GUILD_UPDATE', 'USER_UPDATE', 'INTERACTION_CREATE'],
  ];
  it('about anything that can be told of has no effect', () =>
    unharmed(() => {
      for (const type of TOLD) for (const d of [null, 7, 'x', [], {}, { id: null }]) dispatch(d, type);
    }));

  it('but is a beginning without any content, or an end, leaves the connection to be made again', async () => {
    for (const frame of ['{"op":10,"d":null}', '{"op":9,"d":null}', '{"op":0,"t":"READY","s":1,"d":null}']) {
      world.discord.gateway.send(frame);
    }
    await unharmed(() => {});
  });
});

describe('a message', () => {
  const WRONG = [undefined, null, 7, {}, [], true];
  it.each(['id', 'channel_id', 'author', 'timestamp', 'content', 'type'])(
    'without a proper %s has no effect',
    (field) =>
      unharmed(() => {
        for (const value of WRONG) dispatch(newMessage({ [field]: value }));
        if (field !== 'content') dispatch(newMessage({ [field]: 'x' }));
        const { [field]: _, ...rest } = newMessage();
        dispatch(rest);
      }),
  );

  it('of nobody in particular has no effect', () =>
    unharmed(() => {
      const author = genuine.author as Fields;
      for (const id of [...WRONG, 'x', '9'.repeat(30)]) dispatch(newMessage({ author: { ...author, id } }));
    }));

  it('with an id that no message can have has no effect', () =>
    unharmed(() => {
      for (const id of ['', '-1', '1e9', '9'.repeat(30), '../1', '12 ']) dispatch(newMessage({ id }));
    }));

  it('of a bot, a webhook, another channel or another server has no effect', () =>
    unharmed(() => {
      const author = genuine.author as Fields;
      dispatch(newMessage({ author: { ...author, bot: true } }));
      dispatch(newMessage({ webhook_id: '123456789012345678' }));
      const random = world.discord.addChannel('random');
      dispatch(newMessage({ channel_id: random }));
      dispatch(newMessage({ channel_id: '999999999999999999' }));
      dispatch(newMessage({ channel_id: '999999999999999998', guild_id: '999999999999999997' }));
      dispatch(newMessage({ type: 6 }));
    }));
});

describe('what comes again', () => {
  it('twenty times at once is one message', async () => {
    world.discord.deliverTimes(20);
    say('twenty times');
    await world.arrival('twenty times');
    await unharmed(() => {
      for (let copy = 0; copy < 20; copy++) dispatch(eventOf('twenty times'));
    });
  });

  it('because a session that was resumed repeats it changes nothing, edits and deletions included', async () => {
    const { said, stands } = await saidAndChanged(world, 'discord');
    const { resumed } = world.discord.gateway;
    await unharmed(async () => {
      world.discord.gateway.drop({ again: 10 });
      await until(() => world.discord.gateway.resumed > resumed, 'the session is resumed');
    });
    expect(await world.hears()).toContain(stands);
    for (const words of said) expect(await world.hears()).not.toContain(words);
  });

  it('from a session that is over changes nothing in the next one', async () => {
    const old = world.discord.gateway.frames().filter((frame) => frame.includes('"MESSAGE_'));
    expect(old.length).toBeGreaterThan(5);
    const { identified } = world.discord.gateway;
    world.discord.gateway.drop({ resumable: false });
    await until(() => world.discord.gateway.identified > identified, 'a session begins');
    await unharmed(() => {
      for (const frame of old) world.discord.gateway.send(frame);
    });
    // The numbers of the old session stand for nothing in the new one: where they are believed, that is mended.
    world.discord.gateway.drop();
    await unharmed(() => {});
  }, 40_000);
});

describe('what comes too soon', () => {
  comesTooSoon(
    () => world,
    'discord',
    (words) => dispatch(eventOf(words)),
  );

  it('an edit of something from long ago is passed over, and a deletion of it, too', () =>
    unharmed(() => {
      const timestamp = new Date(Date.now() - 3_600_000).toISOString();
      const old = newMessage({ timestamp, edited_timestamp: new Date().toISOString() });
      dispatch(old, 'MESSAGE_UPDATE');
      dispatch({ id: old.id, channel_id: old.channel_id, guild_id: old.guild_id }, 'MESSAGE_DELETE');
    }));
});
