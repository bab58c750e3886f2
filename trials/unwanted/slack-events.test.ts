import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comesAgain, comesTooSoon, saidAndChanged, takenOften } from './again.js';
import type { Posted } from './mail.js';
import { type Proof, secondsAgo, slackHeaders } from './proof.js';
import { deliver, forged } from './untaken.js';
import { openWorld, type World } from './world.js';

/* Two nodes over one storage; Slack calls the one that stands by. */

let world: World;
beforeAll(async () => {
  world = await openWorld({ slack: 'events', nodes: 2 });
});
afterAll(() => world.close());

const say = (words: string) => world.say('slack', words);
const unharmed = (act: () => unknown) => world.unharmed(act, say);
const post = (posted: Posted, node?: number) => deliver(world, 'slack', posted, node);
const signed = (body: string, proof?: Proof): Posted => ({ headers: slackHeaders(world, body, proof), body });
const often = (posted: Posted | undefined) => takenOften(world, 'slack', posted);
const refused = async (posted: Posted) => {
  for (const node of [0, 1]) expect(await post(posted, node)).toMatchObject({ status: 401, body: '' });
};

type Fields = Record<string, unknown>;

/** A callback with something in its event changed, signed anew. */
const changed = (body: string, change: Fields, around: Fields = {}): Posted => {
  const callback = JSON.parse(body) as { event: Fields };
  return signed(JSON.stringify({ ...callback, ...around, event: { ...callback.event, ...change } }));
};

describe('an event that Slack did not send', () => {
  it.each<[string, (body: string) => Proof]>([
    ['by the secret of another app', () => ({ secret: 'another-apps-signing-secret' })],
    ['by no secret', () => ({ secret: '' })],
    ['more than five minutes ago', () => ({ timestamp: secondsAgo(310) })],
    ['more than five minutes from now', () => ({ timestamp: secondsAgo(-310) })],
    ['a day ago', () => ({ timestamp: secondsAgo(86_400) })],
    ['at no time', () => ({ timestamp: '' })],
    ['at what is no time', () => ({ timestamp: 'NaN' })],
    ['at a time before all others', () => ({ timestamp: `-${secondsAgo(0)}` })],
    ['at a time in other digits', () => ({ timestamp: `0x${Number(secondsAgo(0)).toString(16)}` })],
    ['at a time with a fraction', () => ({ timestamp: `${secondsAgo(0)}.5` })],
    ['at a time in milliseconds', () => ({ timestamp: String(Date.now()) })],
    ['at a time beyond all numbers', () => ({ timestamp: '9'.repeat(400) })],
  ])('signed %s is answered 401', (what, proof) =>
    forged(world, 'slack', `signed ${what}`, async ({ body }) => refused(signed(body, proof(body)))),
  );

  it.each<[string, (genuine: Posted) => Posted]>([
    ['altered in one letter', ({ headers, body }) => ({ headers, body: body.replace('signed', 'sigmed') })],
    ['cut by one letter', ({ headers, body }) => ({ headers, body: body.slice(0, -1) })],
    ['cut in the middle', ({ headers, body }) => ({ headers, body: body.slice(0, body.length / 2) })],
    ['longer by a space', ({ headers, body }) => ({ headers, body: `${body} ` })],
    ['read and written anew', ({ headers, body }) => ({ headers, body: JSON.stringify(JSON.parse(body)) })],
  ])('with a body that was %s is answered 401', (what, alter) =>
    forged(world, 'slack', `signed and ${what}, e/g`, async (genuine) => {
      expect(alter(genuine).body).not.toBe(genuine.body);
      await refused(alter(genuine));
    }),
  );

  it('with a signature of another form, or none, or two, is answered 401', () =>
    forged(world, 'slack', 'signed in another form', async ({ body }) => {
      const headers = slackHeaders(world, body);
      const signature = headers['x-slack-signature'];
      const now = headers['x-slack-request-timestamp'];
      const others: Record<string, string | string[] | undefined>[] = [
        ...['', 'v0=', signature.slice(3), signature.slice(0, -1), `${signature}0`].map((each) => ({
          'x-slack-signature': each,
        })),
        { 'x-slack-signature': signature.replace('v0=', 'v1=') },
        { 'x-slack-signature': signature.toUpperCase() },
        { 'x-slack-signature': [signature, signature] },
        { 'x-slack-signature': undefined },
        { 'x-slack-request-timestamp': [now, now] },
        { 'x-slack-request-timestamp': String(Number(now) - 1) },
        { 'x-slack-request-timestamp': undefined },
      ];
      for (const other of others) {
        const entries = Object.entries({ ...headers, ...other }).filter(([, value]) => value !== undefined);
        await refused({ headers: Object.fromEntries(entries) as Posted['headers'], body });
      }
    }));

  it('but that asks for a challenge is not answered with it', () =>
    unharmed(async () => {
      const body = JSON.stringify({ type: 'url_verification', challenge: 'are-you-there', token: 'x' });
      await refused(signed(body, { secret: 'guess' }));
      expect(await post(signed(body))).toMatchObject({ status: 200, body: 'are-you-there' });
      expect(await world.slack.verifyRequestUrl()).toBe(true);
    }));
});

describe('an event that is not whole', () => {
  it('but signed is answered 400, wherever it was cut', () =>
    forged(world, 'slack', 'cut before it was signed', async ({ body }) => {
      for (let length = 0; length < body.length; length += 13) {
        expect(await post(signed(body.slice(0, length))), `${length}`).toMatchObject({ status: 400 });
      }
    }));

  it('because it lacks something, or it is of another type, has no effect and does not come again', () =>
    forged(world, 'slack', 'with something missing', async ({ body }) => {
      for (const field of ['channel', 'user', 'ts', 'thread_ts']) {
        for (const value of [undefined, null, 7, {}, [], true, 'x']) {
          const elsewhere = field === 'ts' ? {} : { ts: '1700000000.000001' };
          const wrong = changed(body, { ...elsewhere, [field]: value });
          if (field === 'user' && value === 'x') continue;
          expect(await post(wrong), `${field}: ${JSON.stringify(value)}`).toMatchObject({ status: 200 });
        }
      }
    }));

  it('because nobody knows its kind is answered 200 inside a callback, and 400 as one', () =>
    unharmed(async () => {
      const { body } = world.mail.with('here, in slack') as Posted;
      for (const type of ['reaction_added', 'something_new', 'constructor'])
        expect(await post(changed(body, { type }))).toMatchObject({ status: 200 });
      for (const type of ['block_actions', 'something_new', 'constructor', '__proto__'])
        expect(await post(changed(body, {}, { type }))).toMatchObject({ status: 400 });
    }));
});

describe('an event from elsewhere', () => {
  it('such as another channel, the bot, another app or Slack has no effect', () =>
    forged(world, 'slack', 'from elsewhere', async ({ body }) => {
      const ts = '1700000000.000002';
      for (const change of [
        { channel: 'C0000000000' },
        { user: world.slack.botUserId },
        { bot_id: 'B0000000001' },
        { user: 'USLACKBOT' },
        { subtype: 'channel_topic' },
      ]) {
        expect(await post(changed(body, { ts, ...change }))).toMatchObject({ status: 200 });
      }
    }));
});

describe('an event that comes again', () => {
  comesAgain(() => world, 'slack', { close: () => `@${world.slack.botName} close`, inBody: ' close"' });

  it('signed anew, under another event_id, or as a retry, is the same message', () =>
    unharmed(async () => {
      const { body } = world.mail.with('here, in slack') as Posted;
      const again = changed(body, {}, { event_id: 'Ev0000000001', event_time: Number(secondsAgo(0)) });
      const retry = { 'x-slack-retry-num': '3', 'x-slack-retry-reason': 'http_timeout' };
      await often(again);
      await often({ ...again, headers: { ...again.headers, ...retry } });
    }));

  it('after it was edited or deleted does not bring back what it was', async () => {
    const { said, stands } = await saidAndChanged(world, 'slack');
    await unharmed(async () => {
      for (const words of [...said, stands]) await often(world.mail.with(words));
    });
  });
});

describe('events out of order', () => {
  comesTooSoon(
    () => world,
    'slack',
    (words) => often(world.mail.with(words)),
  );
});
