import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import {
  connectRequest,
  deleteRequest,
  disconnectRequest,
  editRequest,
  eventsQuery,
  identifyRequest,
  LIMITS,
  messageRequest,
  messagesQuery,
  readRequest,
  streamQuery,
  typingRequest,
} from '../src/index.js';

const sessionId = 'sess_1';
const long = (length: number) => 'x'.repeat(length);

/** The paths of the fields a schema complains about; none when it accepts. */
const complaints = (schema: ZodType, value: unknown) => [
  ...new Set(schema.safeParse(value).error?.issues.map((issue) => issue.path.join('.'))),
];

const notIds: readonly [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['a number', 7],
  ['an object', {}],
  ['empty', ''],
  ['too long', long(LIMITS.idLength + 1)],
  ['with a space', 'a b'],
  ['with a line break', 'a\nb'],
  ['not ASCII', 'größe'],
  ['with a NUL', 'a\0'],
];

describe.each([
  ['connect', connectRequest, 'visitorId', {}],
  ['message', messageRequest, 'sessionId', { content: 'Hi' }],
  ['messages', messagesQuery, 'sessionId', {}],
  ['events', eventsQuery, 'sessionId', {}],
  ['stream', streamQuery, 'sessionId', {}],
  ['edit', editRequest, 'sessionId', { messageId: 'msg_1', content: 'Hi' }],
  ['edit', editRequest, 'messageId', { sessionId, content: 'Hi' }],
  ['delete', deleteRequest, 'messageId', { sessionId }],
  ['delete', deleteRequest, 'sessionId', { messageId: 'msg_1' }],
  ['read', readRequest, 'sessionId', { messageIds: ['msg_1'] }],
  ['typing', typingRequest, 'sessionId', {}],
  ['identify', identifyRequest, 'sessionId', { identity: { name: 'Ada' } }],
  ['disconnect', disconnectRequest, 'sessionId', {}],
] as const)('$0: $2', (_name, schema, field, rest) => {
  test(`takes a ${field} of up to ${LIMITS.idLength} characters`, () => {
    expect(complaints(schema, { ...rest, [field]: 'a' })).toEqual([]);
    expect(complaints(schema, { ...rest, [field]: long(LIMITS.idLength) })).toEqual([]);
  });

  test.each(notIds)(`refuses a ${field} that is %s`, (_what, value) => {
    expect(complaints(schema, { ...rest, [field]: value })).toContain(field);
  });

  test.each([null, [], 'text', 7, undefined])('refuses %j for a body', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe.each([
  ['message', messageRequest, { sessionId }],
  ['edit', editRequest, { sessionId, messageId: 'msg_1' }],
] as const)('the content of %s', (_name, schema, rest) => {
  test.each([
    ['one character', 'x'],
    ['as many as allowed', long(LIMITS.contentLength)],
    ['emoji, right-to-left, line breaks', '👩‍👩‍👧 שלום\nсвет'],
    ['spaces around words, kept as they are', '  Hi  '],
  ])('may be %s', (_what, content) => {
    expect(schema.parse({ ...rest, content }).content).toBe(content);
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['a number', 1],
    ['an array', ['Hi']],
    ['empty', ''],
    ['only spaces', ' \t\n\u00a0\u3000'],
    ['one character too long', long(LIMITS.contentLength + 1)],
    ['with a NUL', 'a\0b'],
    ['with a lone surrogate', 'a\ud83d'],
  ])('must not be %s', (_what, content) => {
    expect(complaints(schema, { ...rest, content })).toContain('content');
  });
});

describe('message', () => {
  test('drops whatever else a client claims, such as a sender', () => {
    const body = JSON.parse('{"sessionId":"sess_1","content":"Hi","sender":"operator","__proto__":{"x":1}}');
    const parsed = messageRequest.parse(body);
    expect(Object.keys(parsed)).toEqual(['sessionId', 'content']);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  test.each(['replyTo', 'clientMessageId'])('%s may be absent, and must be an id otherwise', (field) => {
    expect(complaints(messageRequest, { sessionId, content: 'Hi', [field]: 'a-1' })).toEqual([]);
    expect(complaints(messageRequest, { sessionId, content: 'Hi', [field]: '' })).toEqual([field]);
    expect(complaints(messageRequest, { sessionId, content: 'Hi', [field]: 1 })).toEqual([field]);
  });
});

describe('connect', () => {
  const visitorId = 'vis_1';

  test('takes a secret of 128 bits or more in Base64url', () => {
    for (const secret of [long(22), long(128), 'AZaz09_-AZaz09_-AZaz09']) {
      expect(complaints(connectRequest, { visitorId, secret })).toEqual([]);
    }
    for (const secret of ['', long(21), long(129), `${long(22)}=`, `${long(22)}+`, `${long(22)}\n`, 7]) {
      expect(complaints(connectRequest, { visitorId, secret })).toEqual(['secret']);
    }
  });

  test('cuts and cleans what the browser tells about itself rather than refuse the visitor', () => {
    const { metadata } = connectRequest.parse({
      visitorId,
      metadata: {
        pageTitle: long(5000),
        url: 'a\0b',
        referrer: '\ud83d',
        ip: '192.0.2.1',
        timezone: 'Europe/Vienna',
      },
    });
    expect(metadata).toEqual({
      pageTitle: long(LIMITS.metadataLength),
      url: 'a\ufffdb',
      referrer: '\ufffd',
      timezone: 'Europe/Vienna',
    });
  });

  test.each([
    ['metadata that is not an object', { metadata: 'x' }, 'metadata'],
    ['a URL that is not a string', { metadata: { url: 7 } }, 'metadata.url'],
    ['a sessionId that is not an id', { sessionId: '' }, 'sessionId'],
    ['an identity of nothing', { identity: {} }, 'identity'],
  ])('refuses %s', (_what, rest, path) => {
    expect(complaints(connectRequest, { visitorId, ...rest })).toEqual([path]);
  });
});

describe('messages', () => {
  test('gives 50 by default, between 1 and the page size, read from a query', () => {
    expect(messagesQuery.parse({ sessionId }).limit).toBe(50);
    expect(messagesQuery.parse({ sessionId, limit: '1' }).limit).toBe(1);
    expect(messagesQuery.parse({ sessionId, limit: String(LIMITS.pageSize) }).limit).toBe(LIMITS.pageSize);
    for (const limit of ['0', '-1', String(LIMITS.pageSize + 1), '1.5', 'many', '1e400', 'NaN']) {
      expect(complaints(messagesQuery, { sessionId, limit })).toEqual(['limit']);
    }
  });

  test('takes after or before, not both', () => {
    expect(complaints(messagesQuery, { sessionId, after: 'msg_1' })).toEqual([]);
    expect(complaints(messagesQuery, { sessionId, before: '2026-01-21T00:00:00.000Z' })).toEqual([]);
    expect(messagesQuery.safeParse({ sessionId, after: '1', before: '2' }).success).toBe(false);
  });
});

describe('events', () => {
  test('starts at the beginning, waits not at all, gives a full page, unless told otherwise', () => {
    expect(eventsQuery.parse({ sessionId })).toEqual({
      sessionId,
      after: 0,
      wait: 0,
      limit: LIMITS.pageSize,
    });
    expect(eventsQuery.parse({ sessionId, after: '7', wait: '25', limit: '1' })).toMatchObject({
      after: 7,
      wait: 25,
    });
  });

  test.each([
    ['after', ['-1', '1.5', 'x', '9007199254740993']],
    ['wait', ['-1', String(LIMITS.waitSeconds + 1), '0.5', 'x']],
    ['limit', ['0', '-1', String(LIMITS.pageSize + 1), 'x']],
  ])('refuses %s out of its bounds', (field, values) => {
    for (const value of values)
      expect(complaints(eventsQuery, { sessionId, [field]: value })).toEqual([field]);
  });
});

test('stream takes the same cursor', () => {
  expect(streamQuery.parse({ sessionId })).toEqual({ sessionId, after: 0 });
  expect(streamQuery.parse({ sessionId, after: '12' }).after).toBe(12);
  expect(complaints(streamQuery, { sessionId, after: '-1' })).toEqual(['after']);
});

describe('read', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `msg_${index}`);

  test('means read unless it says delivered', () => {
    expect(readRequest.parse({ sessionId, messageIds: ids(1) }).status).toBe('read');
    expect(readRequest.parse({ sessionId, messageIds: ids(1), status: 'delivered' }).status).toBe(
      'delivered',
    );
    expect(complaints(readRequest, { sessionId, messageIds: ids(1), status: 'sent' })).toEqual(['status']);
  });

  test(`takes 1 to ${LIMITS.readIds} ids`, () => {
    expect(complaints(readRequest, { sessionId, messageIds: ids(LIMITS.readIds) })).toEqual([]);
    expect(complaints(readRequest, { sessionId, messageIds: ids(LIMITS.readIds + 1) })).toEqual([
      'messageIds',
    ]);
    expect(complaints(readRequest, { sessionId, messageIds: [] })).toEqual(['messageIds']);
    expect(complaints(readRequest, { sessionId, messageIds: 'msg_1' })).toEqual(['messageIds']);
    expect(complaints(readRequest, { sessionId, messageIds: ['msg_1', ''] })).toEqual(['messageIds.1']);
  });
});

test('typing means "is typing" unless it says otherwise', () => {
  expect(typingRequest.parse({ sessionId }).isTyping).toBe(true);
  expect(typingRequest.parse({ sessionId, isTyping: false }).isTyping).toBe(false);
  expect(complaints(typingRequest, { sessionId, isTyping: 'no' })).toEqual(['isTyping']);
});
