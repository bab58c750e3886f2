import type { LogEntry, LogEvent, Message } from '@pocketping/core';
import { frame } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { encodeEntry } from '../src/encoding.js';
import { connectAnswer, entryFrame, healthAnswer, wireMessage, wireMessages } from '../src/projection.js';

const at = Date.UTC(2026, 0, 21);
const message: Message = {
  id: 'msg_1',
  sessionId: 'sess_1',
  seq: 3,
  version: 1,
  author: { kind: 'operator', id: 'telegram-7', name: 'Ada', via: 'support' },
  audience: 'all',
  content: 'hello',
  createdAt: at,
};
const event = {
  type: 'message',
  messageId: 'msg_1',
  sessionId: 'sess_1',
  seq: 3,
  position: 9,
  at,
  actor: message.author,
  audience: 'all',
  origin: 'support',
} satisfies LogEvent;

describe('what a visitor sees', () => {
  it('is named field by field: nothing that storage adds gets out', () => {
    const stored = { ...message, projectId: 'default', note: 'internal' };
    expect(wireMessage(stored)).toEqual({
      id: 'msg_1',
      sessionId: 'sess_1',
      seq: 3,
      sender: 'operator',
      senderName: 'Ada',
      content: 'hello',
      timestamp: '2026-01-21T00:00:00.000Z',
      version: 1,
    });
    expect(JSON.stringify(entryFrame({ event, message: stored }))).not.toMatch(
      /telegram|support|position|internal/,
    );
  });

  it('holds nothing that is for the team', () => {
    const note: Message = { ...message, audience: 'team' };
    expect(wireMessage(note)).toBeNull();
    expect(wireMessages([message, note])).toHaveLength(1);
    expect(entryFrame({ event, message: note })).toBeNull();
    expect(entryFrame({ event: { ...event, audience: 'team' }, message })).toBeNull();
    expect(encodeEntry({ event: { ...event, audience: 'team' }, message })).toBeNull();
  });

  it('keeps no text of a deleted message, whatever the storage kept', () => {
    const deleted: Message = { ...message, deletedAt: at, version: 2 };
    expect(wireMessage(deleted)).toMatchObject({ content: '', deletedAt: '2026-01-21T00:00:00.000Z' });
  });

  it.each<[LogEvent['actor']['kind'], string]>([
    ['visitor', 'visitor'],
    ['operator', 'operator'],
    ['ai', 'system'],
    ['apiKey', 'system'],
    ['system', 'system'],
  ])('tells who closed a session: %s', (kind, by) => {
    const { messageId: _, ...rest } = event;
    const closed: LogEvent = { ...rest, type: 'session_closed', actor: { kind, id: 'x' } };
    expect(frame.parse(entryFrame({ event: closed }))).toEqual({
      type: 'session_closed',
      seq: 3,
      data: { by, ended: false },
    });
  });

  it('has holes where only the team has a use for an event', () => {
    const { messageId: _, ...rest } = event;
    for (const type of ['session_started', 'session_reopened', 'identified'] as const) {
      expect(entryFrame({ event: { ...rest, type } })).toBeNull();
    }
    expect(entryFrame({ event })).toBeNull();
  });

  it('tells the page what the site emits, until when it waits left out, and not what the page told', () => {
    const { messageId: _, ...rest } = event;
    const data = { name: 'show_offer', data: { discount: 20 }, expiresAt: 5 };
    const custom: LogEvent = { ...rest, type: 'custom_event', actor: { kind: 'system', id: 'site' }, data };
    expect(entryFrame({ event: custom })).toEqual({
      type: 'event',
      seq: 3,
      data: {
        name: 'show_offer',
        data: { discount: 20 },
        timestamp: new Date(rest.at).toISOString(),
        sessionId: rest.sessionId,
      },
    });
    expect(entryFrame({ event: { ...custom, actor: { kind: 'visitor', id: 'vis_1' } } })).toBeNull();
    expect(entryFrame({ event: { ...custom, audience: 'team' } })).toBeNull();
  });

  it('is encoded once for everybody who follows', () => {
    let reads = 0;
    const counted = {
      ...message,
      get content() {
        reads++;
        return 'hello';
      },
    };
    const entry: LogEntry = { event, message: counted };
    expect(encodeEntry(entry)).toBe(encodeEntry(entry));
    expect(reads).toBe(1);
  });

  it('says of an identity what it claims, and not how it is known', () => {
    const session = {
      id: 'sess_1',
      visitorId: 'v',
      status: 'open',
      createdAt: at,
      lastActivityAt: at,
      seq: 1,
      operatorSeq: 0,
      operatorDeliveredSeq: 0,
      operatorReadSeq: 0,
      visitorDeliveredSeq: 0,
      visitorReadSeq: 0,
      metadata: { ip: '203.0.113.7' },
      identity: { name: 'Ada', verified: true },
    } as const;
    const answer = connectAnswer({
      session,
      seq: 1,
      messages: [],
      hasMore: false,
      presence: { online: true, operators: ['Ada'] },
    });
    expect(answer.identity).toEqual({ name: 'Ada' });
    expect(JSON.stringify(answer)).not.toContain('203.0.113.7');
  });

  it('says of the bridges how they are, and nothing else', () => {
    const bridge = {
      name: 'support',
      state: 'paused',
      backlog: 3,
      reason: 'unavailable',
      token: 'secret',
    } as const;
    expect(healthAnswer({ status: 'degraded', bridges: [bridge] })).toEqual({
      status: 'degraded',
      bridges: [{ name: 'support', state: 'paused', backlog: 3, reason: 'unavailable' }],
    });
  });
});
