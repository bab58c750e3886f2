import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comesAgain, takenOften } from './again.js';
import type { Posted } from './mail.js';
import { telegramHeaders } from './proof.js';
import { deliver, forged, withheld } from './untaken.js';
import { openWorld, SECRET, type World } from './world.js';

/* Two nodes over one storage; Telegram calls the one that stands by. */

let world: World;
beforeAll(async () => {
  world = await openWorld({ telegram: 'webhook', nodes: 2 });
});
afterAll(() => world.close());

const say = (words: string) => world.say('telegram', words);
const unharmed = (act: () => unknown) => world.unharmed(act, say);
const post = (posted: Posted, node?: number) => deliver(world, 'telegram', posted, node);
const often = (posted: Posted | undefined) => takenOften(world, 'telegram', posted);

type Fields = Record<string, unknown>;

/** An update with something in its message changed. */
const changed = ({ headers, body }: Posted, change: (message: Fields, update: Fields) => void): Posted => {
  const update = JSON.parse(body) as Fields & { message: Fields };
  change(update.message, update);
  return { headers, body: JSON.stringify(update) };
};

describe('an update that Telegram did not send', () => {
  it.each<[string, Record<string, string | string[]>]>([
    ['no secret', {}],
    ['an empty one', { 'x-telegram-bot-api-secret-token': '' }],
    ['a shorter one', telegramHeaders({ secret: SECRET.slice(0, -1) })],
    ['a longer one', telegramHeaders({ secret: `${SECRET}x` })],
    ['one of the same length', telegramHeaders({ secret: `${SECRET.slice(0, -1)}x` })],
    ['one in capitals', telegramHeaders({ secret: SECRET.toUpperCase() })],
    ['the secret twice', { 'x-telegram-bot-api-secret-token': [SECRET, SECRET] }],
    ['a wrong and the right one', { 'x-telegram-bot-api-secret-token': ['guess', SECRET] }],
    ['it under another name', { 'x-telegram-secret-token': SECRET }],
    ['it as bearer', { authorization: `Bearer ${SECRET}` }],
  ])('with %s is answered 401', (what, headers) =>
    forged(world, 'telegram', `forged with ${what}`, async ({ body }) => {
      for (const node of [0, 1]) {
        const answer = await deliver(
          world,
          'telegram',
          { headers: headers as Posted['headers'], body },
          node,
        );
        expect(answer).toMatchObject({ status: 401, body: '' });
      }
    }),
  );

  it('and is larger than allowed is answered 401 before any of it is read', () =>
    unharmed(async () => {
      const answer = await post({ headers: telegramHeaders({ secret: 'guess' }), body: 'x'.repeat(2 ** 21) });
      expect(answer).toMatchObject({ status: 401 });
    }));
});

describe('an update that is not whole', () => {
  it('is answered 400, wherever it was cut', () =>
    forged(world, 'telegram', 'a long enough update', async ({ headers, body }) => {
      for (let length = 0; length < body.length; length += 7) {
        expect(await post({ headers, body: body.slice(0, length) }), `${length}`).toMatchObject({
          status: 400,
        });
      }
    }));

  const WRONG: readonly unknown[] = [null, 'x', {}, [], ['x'], true, 1.5, -1e300, 2 ** 53];
  it.each(['message_id', 'date', 'chat', 'chat.id', 'from', 'from.id', 'text', 'message_thread_id'])(
    'because its %s is of another type has no effect, and does not come again',
    (field) =>
      forged(world, 'telegram', `with a wrong ${field}`, async (genuine) => {
        for (const [at, value] of WRONG.entries()) {
          if (field === 'text' && value === 'x') continue;
          const wrong = changed(genuine, (message, update) => {
            update.update_id = 900_000 + at;
            if (field !== 'message_id') message.message_id = 900_000 + at;
            const [outer = '', inner] = field.split('.');
            if (inner === undefined) message[outer] = value;
            else (message[outer] as Fields)[inner] = value;
          });
          expect(await post(wrong), JSON.stringify(value)).toMatchObject({ status: 200 });
        }
      }),
  );

  it('because a field is missing has no effect, and does not come again', () =>
    forged(world, 'telegram', 'with something missing', async (genuine) => {
      for (const field of ['message_id', 'date', 'chat', 'from', 'message_thread_id']) {
        const wrong = changed(genuine, (message) => {
          delete message[field];
          if (field !== 'message_id') message.message_id = 910_000;
        });
        expect(await post(wrong), field).toMatchObject({ status: 200 });
      }
    }));

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['a message behind a prototype', { ['__proto__']: {} }],
  ])('because it holds %s in place of a message has no effect', (_, message) =>
    unharmed(async () => {
      for (const kind of ['message', 'edited_message', 'channel_post', '__proto__']) {
        const body = JSON.stringify({ update_id: 920_000, [kind]: message });
        expect(await post({ headers: telegramHeaders(), body }), kind).toMatchObject({ status: 200 });
      }
    }),
  );
});

describe('an update from elsewhere', () => {
  it.each<[string, (message: Fields) => void]>([
    ['another group', ({ chat }) => Object.assign(chat as Fields, { id: -1_009_999_999_999 })],
    ['a bot', ({ from }) => Object.assign(from as Fields, { id: 99, is_bot: true })],
    [
      'the bot itself',
      ({ from }) => Object.assign(from as Fields, { id: Number(world.telegram.botToken.split(':')[0]) }),
    ],
  ])('such as %s has no effect', (what, change) =>
    forged(world, 'telegram', `from ${what}`, async (genuine) => {
      const other = changed(genuine, (message) => {
        message.message_id = 930_000;
        change(message);
      });
      expect(await post(other)).toMatchObject({ status: 200 });
    }),
  );
});

describe('an update that comes again', () => {
  comesAgain(() => world, 'telegram', { close: () => '/close', inBody: '"/close"' });

  it('under another number is the same message', () =>
    unharmed(async () => {
      const { headers, body } = await world.mail.with('here, in telegram')!;
      const again = changed({ headers, body }, (_, update) => Object.assign(update, { update_id: 940_000 }));
      await often(again);
    }));

  it('after it was edited does not bring back what it was', async () => {
    const id = say('as it was first');
    await world.arrival('as it was first');
    world.change('telegram', id, 'as it is now');
    await world.arrival('as it is now');
    await unharmed(async () => {
      for (const words of ['as it was first', 'as it is now']) {
        await often(world.mail.with(words));
      }
    });
  });

  it('after it was deleted for the visitor stays deleted', async () => {
    const id = say('said too soon');
    await world.arrival('said too soon');
    world.teams.telegram.type(world.places.topicId, '/delete', { replyTo: Number(id) });
    await expect.poll(world.hears).not.toContain('said too soon');
    await unharmed(() => often(world.mail.with('said too soon')));
  });
});

describe('updates out of order', () => {
  it('an edit before its message is one message, as it was edited', async () => {
    world.mail.held = true;
    const id = say('helo there');
    const message = await withheld(world, 'helo there', () => {});
    const edit = changed(message, (fields, update) => {
      const edited = { ...fields, text: 'hello there', edit_date: Number(fields.date) + 1 };
      Object.assign(update, {
        update_id: Number(update.update_id) + 1,
        message: undefined,
        edited_message: edited,
      });
    });
    await often(edit);
    expect(await world.hears()).toContain('hello there');
    await unharmedBut('hello there', () => often(message));
    expect(await world.hears()).not.toContain('helo there');
    expect(Number(id)).toBeGreaterThan(0);
  });
});

/** What happened to some words is not over yet; nothing else happens. */
const unharmedBut = async (words: string, act: () => unknown) => {
  const before = await world.settled();
  await act();
  world.mail.held = false;
  const after = await world.settled();
  expect(after.log).toEqual(before.log);
  expect(after.slack.filter((text) => text.includes(words))).toHaveLength(1);
  expect(after.discord.filter((text) => text.includes(words))).toHaveLength(1);
};
