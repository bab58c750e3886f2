import type { LogEntry, Message } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { teamEventOf } from '../src/bridge-api/projection.js';

const AT = Date.parse('2026-01-21T10:00:00.000Z');
const GRACE = { kind: 'operator', id: '1', name: 'Grace', via: 'telegram' } as const;
const file = {
  id: 'att_1',
  file: 'att_1',
  key: 'secret',
  name: 'a.txt',
  mimeType: 'text/plain',
  size: 3,
} as const;

const message = (more: Partial<Message> = {}): Message => ({
  id: 'msg_1&x',
  sessionId: 'sess_1',
  seq: 3,
  version: 2,
  author: GRACE,
  audience: 'all',
  content: 'Yes',
  createdAt: AT,
  ...more,
});

/** What the stream tells a backend that calls itself `shop`. */
const told = (type: 'message' | 'message_edited' | 'message_deleted', of: Message) => {
  const event = {
    type,
    sessionId: 'sess_1',
    seq: 4,
    position: 9,
    at: AT,
    actor: GRACE,
    audience: of.audience,
  };
  const entry = { event: { ...event, messageId: of.id }, message: of } as unknown as LogEntry;
  const now = teamEventOf({ kind: 'entry', entry, mirroredAt: AT }, 'shop', AT);
  if (!now || !('message' in now)) return expect.fail();
  return now.message;
};

describe('what the stream tells of a message', () => {
  it('is where its files are, for the backend that asks and no longer than they can be had', () => {
    for (const status of ['ready', 'fetching'] as const) {
      const { attachments } = told('message', message({ attachments: [{ ...file, status }] })) as {
        attachments?: unknown;
      };
      const url = '/api/attachments/att_1?messageId=msg_1%26x&origin=shop';
      expect(attachments).toEqual([
        { id: 'att_1', name: 'a.txt', mimeType: 'text/plain', size: 3, status, url },
      ]);
    }
    const failed = told('message', message({ attachments: [{ ...file, status: 'failed' }] }));
    expect(JSON.stringify(failed)).not.toContain('url');
    expect(JSON.stringify(failed)).not.toContain('secret');
  });

  it('is that a note is one, also when it is gone', () => {
    const note = message({ audience: 'team' });
    for (const type of ['message', 'message_edited', 'message_deleted'] as const)
      expect(told(type, note)).toMatchObject({ isNote: true, version: 2 });
    expect(told('message_deleted', message())).toEqual({
      id: 'msg_1&x',
      version: 2,
      timestamp: '2026-01-21T10:00:00.000Z',
    });
  });
});
