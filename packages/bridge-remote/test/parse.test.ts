import type { TeamEvent } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { Attendance } from '../src/attendance.js';
import { parse, type TeamDeed } from '../src/parse.js';
import { AT, at } from './samples.js';
import { attends, deletes, does, says } from './team.js';

const parsed = (event: TeamEvent, position = 7) => parse(event as TeamDeed, 'default', position);

const BOB = { id: 'telegram/42', name: 'Bob' };
const file = { id: 'att_1', name: 'a.pdf', mimeType: 'application/pdf', size: 3 };
const ready = { ...file, status: 'ready', url: '/files/att_1?key=k' } as const;
const failed = { ...file, status: 'failed' } as const;

describe('what the team does', () => {
  it('is a message, with what it answers and the files that came with it', () => {
    expect(parsed(says('hello', { replyTo: 'visitor-1', attachments: [ready, failed] }))).toEqual({
      kind: 'message',
      operator: BOB,
      at: AT,
      ref: at('msg_1'),
      content: 'hello',
      version: 1,
      replyTo: at('visitor-1'),
      files: [{ ref: '/files/att_1?key=k', name: 'a.pdf', mimeType: 'application/pdf', size: 3 }],
    });
  });

  it('is nothing where it was deleted since, or none of its files could be had', () => {
    expect(parsed(says(''))).toBeUndefined();
    expect(parsed(says('', { attachments: [failed] }))).toBeUndefined();
    expect(parsed(says('', { attachments: [ready] }))).toMatchObject({ kind: 'message', content: '' });
    expect(parsed(says('', { isNote: true }))).toBeUndefined();
  });

  it('is an edit, and when the message was first sent', () => {
    const timestamp = new Date(AT - 60_000).toISOString();
    expect(parsed(says('hello', { version: 2, timestamp }, 'operator_message_edited'))).toMatchObject({
      kind: 'edit',
      content: 'hello',
      version: 2,
      at: AT,
      sentAt: AT - 60_000,
      ref: at('msg_1'),
    });
  });

  it('is a deletion', () => {
    expect(parsed(deletes())).toEqual({ kind: 'delete', operator: BOB, at: AT, ref: at('msg_1') });
  });

  it('is a private note, which stays one when it is edited', () => {
    const ref = at('msg_1');
    expect(parsed(says('between us', { isNote: true }))).toMatchObject({
      kind: 'command',
      name: 'note',
      args: 'between us',
      implied: true,
      ref,
    });
    expect(parsed(says('of us', { isNote: true, version: 2 }, 'operator_message_edited'))).toMatchObject({
      kind: 'edit',
      command: { name: 'note', args: 'of us' },
    });
    expect(parsed(says('x', { isNote: true, attachments: [ready] }))).toMatchObject({
      undeliverable: 'Files',
    });
  });

  it.each([
    ['session_closed', 'close'],
    ['visitor_messages_read', 'read'],
    ['visitor_blocked', 'block'],
    ['visitor_unblocked', 'unblock'],
  ] as const)('is %s, by a command that nobody typed', (type, name) => {
    const inbound = parsed(does(type), 7);
    expect(inbound).toMatchObject({ kind: 'command', name, args: '', implied: true, operator: BOB });
    expect(inbound?.ref.threadId).toBe(at('').threadId);
    expect(parsed(does(type), 7)).toEqual(inbound);
    expect(parsed(does(type), 8)?.ref.platformId).not.toBe(inbound?.ref.platformId);
  });
});

describe('who is there', () => {
  const told = (attendance: Attendance, event: TeamEvent) =>
    event.type === 'operator_status'
      ? [...attendance.news(event.operators, AT)].map(({ name, ref }) => [name, ref.platformId])
      : [];

  it('is told once, and whenever it changes', () => {
    const attendance = new Attendance('default');
    expect(told(attendance, attends([true, 1]))).toEqual([['online', `online/telegram/42/1/${AT}`]]);
    expect(told(attendance, attends([true, 1]))).toEqual([]);
    expect(told(attendance, attends([false, 2]))).toEqual([['offline', `offline/telegram/42/2/${AT}`]]);
    expect(told(attendance, attends([true, 3]))).toEqual([['online', `online/telegram/42/3/${AT}`]]);
  });

  it('is no longer whom the server names no more', () => {
    const attendance = new Attendance('default');
    told(attendance, attends([true, 1]));
    expect(told(attendance, attends())).toEqual([['offline', `offline/telegram/42/1/${AT}`]]);
    expect(told(attendance, attends())).toEqual([]);
  });

  it('is told again where it was not taken', () => {
    const attendance = new Attendance('default');
    const event = attends([true, 1]);
    if (event.type !== 'operator_status') return expect.fail();
    for (const _ of attendance.news(event.operators, AT)) break;
    expect(told(attendance, event)).toHaveLength(1);
  });
});
