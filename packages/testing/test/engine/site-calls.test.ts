import { PocketPingError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, visitor } from './house.js';

/** As plain JavaScript calls it: nobody looks at types. */
type Untyped = Record<string, (...given: unknown[]) => Promise<unknown>>;

const conversation = async () => {
  const started = await begin(new FakeBridge());
  await started.say('hello');
  await started.clock.advance(0);
  const { pp, storage, sessionId } = started;
  const seq = async () => (await storage.session(sessionId))?.seq;
  return { ...started, seq, calls: pp as unknown as Untyped };
};

const throwing = {
  toJSON() {
    throw new Error('not now');
  },
};
const thrower = {
  toJSON() {
    throw Object.create(null);
  },
};
const call = (method: string, ...given: unknown[]) => ({ method, given });
const sent = (message: unknown) => call('sendMessage', message);
const emitted = (...given: unknown[]) => call('emitEvent', ...given);

const KNOWN = 'content, type, name, replyTo';
const WHO = 'id, name, email, phone, customerId, metadata';

describe('a call of the site that cannot be meant', () => {
  it.each<[{ method: string; given: unknown[] }, string]>([
    [sent({ content: 'x', type: 'bogus' }), 'type must be one of operator, ai, system, but is "bogus".'],
    [sent({ content: 'x', type: 'visitor' }), 'type must be one of operator, ai, system, but is "visitor".'],
    [
      sent({ content: 'x', type: 'constructor' }),
      'type must be one of operator, ai, system, but is "constructor".',
    ],
    [sent({ content: 'x', type: 5 }), 'type must be one of operator, ai, system, but is 5.'],
    [sent({ content: 'x', type: ['ai'] }), 'type must be one of operator, ai, system, but is a list.'],
    [sent({ content: 'x', type: null }), 'type must be one of operator, ai, system, but is null.'],
    [sent({ content: 'x', name: 5 }), 'name must be a text, but is 5.'],
    [sent({ content: 'x', name: { first: 'Ada' } }), 'name must be a text, but is an object.'],
    [sent({ content: 'x', name: ' \u200b' }), 'name must not be blank.'],
    [sent({ content: 'x', name: 'a\0b' }), 'name must not contain lone surrogates or NUL characters.'],
    [
      sent({ content: 'x', name: 'x'.repeat(257) }),
      'name must have at most 256 UTF-16 code units, but has 257.',
    ],
    [sent({ content: 'x', replyTo: 5 }), 'replyTo must be the id of a message, but is 5.'],
    [sent({ content: 'x', sender: 'ai' }), `the message has "sender", which is unknown; known: ${KNOWN}.`],
    [sent({ content: 'x', replyto: 'm' }), 'the message has "replyto", which is unknown; replyTo is meant.'],
    [sent({}), 'content must be a text, but is undefined.'],
    [sent({ content: 7 }), 'content must be a text, but is 7.'],
    [sent({ content: ' \n' }), 'content must not be empty.'],
    [sent({ content: '\ud800' }), 'content must not contain lone surrogates or NUL characters.'],
    [
      sent({ content: 'x'.repeat(20_001) }),
      'content must have at most 20000 UTF-16 code units, but has 20001.',
    ],
    [sent('hello'), `the message must be an object with ${KNOWN}, but is "hello".`],
    [sent(undefined), `the message must be an object with ${KNOWN}, but is undefined.`],
    [emitted('x', {}, null), 'the options must be an object with ttlSeconds, but is null.'],
    [emitted('x', {}, 60), 'the options must be an object with ttlSeconds, but is 60.'],
    [emitted('x', {}, [60]), 'the options must be an object with ttlSeconds, but is a list.'],
    [emitted('x', {}, { ttl: 60 }), 'the options has "ttl", which is unknown; known: ttlSeconds.'],
    ...[true, '5', [5], null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 5n, Symbol('five')].map(
      (ttlSeconds): [{ method: string; given: unknown[] }, string] => [
        emitted('x', {}, { ttlSeconds }),
        'ttlSeconds must be a number from 1 to 2592000, but is ',
      ],
    ),
    [emitted('x', throwing), 'data cannot be put as JSON: not now'],
    [emitted('x', thrower), 'data cannot be put as JSON'],
    [emitted('x', 5n), 'data cannot be put as JSON'],
    [emitted('x', Symbol('x')), 'data must be a JSON object'],
    [emitted(''), 'the name must have 1 to 64 UTF-16 code units, but has 0.'],
    [emitted('x'.repeat(65)), 'the name must have 1 to 64 UTF-16 code units, but has 65.'],
    [emitted(5n), 'the name must be a string, but is bigint.'],
    [call('identify', null), `the identity must be an object with ${WHO}, but is null.`],
    [call('identify', {}), `the identity must have at least one of ${WHO}.`],
    [call('identify', { name: 5 }), 'name must be a text, but is 5.'],
    [call('identify', { email: '' }), 'email must not be blank.'],
    [
      call('identify', { customer_id: 'c' }),
      'the identity has "customer_id", which is unknown; customerId is meant.',
    ],
    [
      call('identify', { metadata: { big: 1n } }),
      'metadata has an entry "big", which must be a text, a number, ',
    ],
    [
      call('identify', { metadata: { at: new Date(0) } }),
      'metadata has an entry "at", which must be a text, ',
    ],
    [call('identify', { metadata: new Map() }), 'metadata must be a plain object, but is an object.'],
    [call('identify', { metadata: { '': 1 } }), 'metadata has a key "", which must not be blank.'],
    [call('getMessages', null), 'the options must be an object with notes, but is null.'],
    [call('getMessages', { notes: 'no' }), 'notes must be true or false, but is "no".'],
  ])('is refused, with what it has to be, and changes nothing: %o', async ({ method, given }, said) => {
    const { calls, sessionId, seq } = await conversation();
    const before = await seq();
    const error = await calls[method]?.(sessionId, ...given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PocketPingError);
    expect(error).toMatchObject({ code: 'validation_failed' });
    expect((error as Error).message.slice(0, `${method}: ${said}`.length)).toBe(`${method}: ${said}`);
    expect(await seq()).toBe(before);
  });

  it.each([
    ['sendMessage', { content: 'x' }],
    ['emitEvent', 'x'],
    ['identify', { name: 'Jo' }],
    ['closeSession'],
    ['getSession'],
    ['getMessages'],
    ['readAttachment'],
  ])('is refused by %s where its id is none', async (method, ...given) => {
    const { calls } = await conversation();
    for (const id of [undefined, null, 5, {}, ['sess_x'], 5n, Symbol('x'), 'a\0']) {
      await expect(calls[method]?.(id, ...given)).rejects.toMatchObject({
        code: 'validation_failed',
        message: expect.stringMatching(new RegExp(`^${method}: the id of the \\w+ must be a text, but is `)),
      });
    }
  });

  it.each<[string, unknown, string]>([
    ['drain', null, 'the options must be an object with withinMs, but is null.'],
    ['drain', { withinMs: '5' }, 'withinMs must be a number of milliseconds, 0 or more, but is "5".'],
    ['listDeadLetters', null, 'the query must be an object with limit, after, but is null.'],
    ['listDeadLetters', { limit: 5n }, 'limit must be a whole number from 1 to 1000, but is 5n.'],
    [
      'listDeadLetters',
      { after: 'msg_1' },
      'after must be one, with its bridge and messageId, but is "msg_1".',
    ],
    ['retryDeadLetter', null, 'the dead letter must be one, with its bridge and messageId, but is null.'],
  ])('is refused by %s(%o)', async (method, given, said) => {
    const { calls } = await conversation();
    await expect(calls[method]?.(given)).rejects.toEqual(
      new PocketPingError('validation_failed', `${method}: ${said}`),
    );
  });
});

describe('what the site says', () => {
  it.each([
    ['operator', 'Ada'],
    ['ai', undefined],
    ['system', undefined],
    [undefined, undefined],
  ] as const)('arrives as what it is, and so does what comes after it: %s', async (type, name) => {
    const { pp, sessionId, bridge, clock, say } = await conversation();
    const message = await pp.sendMessage(sessionId, {
      content: 'from the site',
      type,
      name,
      replyTo: undefined,
    });
    expect(message).toMatchObject({ content: 'from the site', sender: type ?? 'operator' });
    await say('and then?');
    await clock.advance(0);
    expect(bridge.shown().slice(-2)).toEqual([`${name ?? type ?? 'operator'}: from the site`, 'and then?']);
  });
});

describe('a session that is not there', () => {
  it.each([
    ['sendMessage', { content: 'x' }],
    ['emitEvent', 'x'],
    ['identify', { name: 'Jo' }],
    ['closeSession'],
    ['getMessages'],
  ])('is named by %s in words for the site', async (method, ...given) => {
    const { pp } = house();
    await expect((pp as unknown as Untyped)[method]?.('sess_xxx', ...given)).rejects.toEqual(
      new PocketPingError(
        'session_not_found',
        `${method}: there is no session sess_xxx. getSessions() lists the open ones.`,
      ),
    );
  });

  it.each([
    ['sendMessage', { content: 'x' }],
    ['emitEvent', 'x'],
  ])('any more is named by %s in words for the site', async (method, ...given) => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    await pp.conversation.leave(actor, sessionId);
    await expect((pp as unknown as Untyped)[method]?.(sessionId, ...given)).rejects.toEqual(
      new PocketPingError(
        'session_ended',
        `${method}: the visitor has ended session ${sessionId}, which takes nothing more. When they are back, another one begins.`,
      ),
    );
  });
});
