import type { TeamEvent } from '@pocketping/protocol';
import { AT } from './samples.js';
import { MIRRORED_AT } from './scripted.js';

const ISO = new Date(AT).toISOString();

type Message = Extract<TeamEvent, { type: 'operator_message' }>['message'];

const bob = { id: '42', name: 'Bob', via: 'telegram' };

const inSession = { sessionId: 'sess_1', mirroredAt: MIRRORED_AT, operator: bob, timestamp: ISO };

/** Bob says something, or says it otherwise. */
export const says = (
  content: string,
  change: Partial<Message> = {},
  type: 'operator_message' | 'operator_message_edited' = 'operator_message',
): TeamEvent => ({
  type,
  ...inSession,
  message: { id: 'msg_1', content, version: 1, timestamp: ISO, ...change },
});

export const deletes = (id = 'msg_1'): TeamEvent => ({
  type: 'operator_message_deleted',
  ...inSession,
  message: { id, version: 9, timestamp: ISO },
});

export const does = (
  type: 'session_closed' | 'visitor_messages_read' | 'visitor_blocked' | 'visitor_unblocked',
): TeamEvent => ({ type, ...inSession });

export const types = (): TeamEvent => ({
  type: 'operator_typing',
  sessionId: 'sess_1',
  mirroredAt: MIRRORED_AT,
  operator: { name: 'Bob' },
});

/** Who of the team is there. */
export const attends = (
  ...operators: readonly (readonly [online: boolean, version: number])[]
): TeamEvent => ({
  type: 'operator_status',
  operators: operators.map(([online, version]) => ({ ...bob, online, version })),
});
