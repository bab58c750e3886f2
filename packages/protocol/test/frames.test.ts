import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  CLOSE_CODES,
  clientFrame,
  type Frame,
  type FrameOf,
  frame,
  LIMITS,
  type WireMessage,
  wireMessage,
} from '../src/index.js';

const message: WireMessage = {
  id: 'msg_1',
  sessionId: 'sess_1',
  seq: 1,
  sender: 'visitor',
  content: 'Hi',
  timestamp: '2026-01-21T00:00:00.000Z',
  version: 1,
};

const frames: readonly Frame[] = [
  { type: 'message', seq: 1, data: message },
  { type: 'message_edited', seq: 2, data: { ...message, version: 2, editedAt: message.timestamp } },
  {
    type: 'message_deleted',
    seq: 3,
    data: { ...message, version: 3, content: '', deletedAt: message.timestamp },
  },
  { type: 'read', seq: 4, data: { by: 'operator', status: 'read', upTo: 1 } },
  { type: 'session_closed', seq: 5, data: { by: 'visitor', ended: true } },
  { type: 'typing', data: { sender: 'operator', name: 'Ada', isTyping: true } },
  { type: 'presence', data: { online: true, operators: ['Ada'] } },
  {
    type: 'event',
    data: { name: 'announcement', data: { text: 'Hi' }, timestamp: message.timestamp, sessionId: 'sess_1' },
  },
  { type: 'ping', seq: 5, data: {} },
  { type: 'reset', data: { reason: 'unknown_cursor' } },
  { type: 'reset', seq: 1002, data: { reason: 'too_far_behind' } },
];

describe('a frame', () => {
  test.each(frames)('of type $type survives JSON', (value) => {
    expect(frame.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
  });

  test('there is an example of every type above', () => {
    expect(new Set(frames.map(({ type }) => type))).toEqual(
      new Set(frame.options.map((option) => option.shape.type.value)),
    );
  });

  test('of type reset may have a seq, which is a whole number', () => {
    const reset = { type: 'reset', data: { reason: 'too_far_behind' } };
    for (const seq of [null, '1', 1.5]) expect(frame.safeParse({ ...reset, seq }).success).toBe(false);
  });

  test.each(frames.filter((value) => 'seq' in value && value.type !== 'reset'))(
    'of type $type needs its seq, a whole number',
    (value) => {
      for (const seq of [undefined, null, '1', 1.5])
        expect(frame.safeParse({ ...value, seq }).success).toBe(false);
    },
  );

  test('loses what its type does not have: an ephemeral one has no seq', () => {
    expect(
      frame.parse({ type: 'typing', seq: 9, data: { sender: 'ai', isTyping: false } }),
    ).not.toHaveProperty('seq');
  });

  test.each([
    { type: 'gossip', data: {} },
    { data: {} },
    { type: 'message', seq: 1 },
    { type: 'typing', data: { sender: 'visitor', isTyping: true } },
    { type: 'read', seq: 1, data: { by: 'system', status: 'read', upTo: 1 } },
    { type: 'reset', data: { reason: 'bored' } },
  ])('is not %j', (value) => {
    expect(frame.safeParse(value).success).toBe(false);
  });

  test('is typed by its type', () => {
    expectTypeOf<FrameOf<'message'>['data']>().toEqualTypeOf<WireMessage>();
    expectTypeOf<FrameOf<'typing'>>().not.toHaveProperty('seq');
  });
});

describe('a message on the wire', () => {
  test.each([
    ['sender', 'robot'],
    ['version', 0],
    ['version', 1.5],
    ['seq', '1'],
    ['timestamp', 'yesterday'],
    ['timestamp', '2026-01-21T00:00:00.000'],
    ['editedAt', 1_768_953_600_000],
    ['content', null],
  ])('has no %s like %j', (field, value) => {
    expect(wireMessage.safeParse({ ...message, [field]: value }).success).toBe(false);
  });

  test('shows what its schema names and nothing else', () => {
    expect(wireMessage.parse({ ...message, audience: 'team', projectId: 'default' })).toEqual(message);
  });
});

describe("a client's frame", () => {
  test('says hello with a token, and may say where to resume', () => {
    expect(clientFrame.parse({ type: 'hello', data: { token: 't' } })).toEqual({
      type: 'hello',
      data: { token: 't' },
    });
    expect(clientFrame.safeParse({ type: 'hello', data: { token: 't', after: 0 } }).success).toBe(true);
  });

  test.each([
    { token: '' },
    { token: 'a b' },
    { token: 'x'.repeat(LIMITS.idLength + 1) },
    { token: 't', after: -1 },
    { token: 't', after: 1.5 },
    { token: 't', after: '1' },
    {},
  ])('does not say hello with %j', (data) => {
    expect(clientFrame.safeParse({ type: 'hello', data }).success).toBe(false);
  });

  test('may say that somebody types or that something happened, and nothing that is the server’s to say', () => {
    expect(clientFrame.safeParse({ type: 'typing', data: { isTyping: true } }).success).toBe(true);
    for (const value of frames.filter(({ type }) => type !== 'typing' && type !== 'event')) {
      expect(clientFrame.safeParse(value).success).toBe(false);
    }
  });
});

test('close codes are distinct and in the private range of RFC 6455', () => {
  const codes = Object.values(CLOSE_CODES);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code >= 4000 && code <= 4999).toBe(true);
});
