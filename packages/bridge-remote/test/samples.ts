import type { Call, MessageNote, MessageRef, PostCall, SessionCard, ThreadRef } from '@pocketping/core';
import { MIRRORED_AT } from './scripted.js';

export const AT = Date.UTC(2026, 0, 21, 9);

export const THREAD: ThreadRef = { chatId: 'default', threadId: `sess_1/${MIRRORED_AT}` };

export const at = (platformId: string): MessageRef => ({ ...THREAD, platformId });

export const card = (change: Partial<SessionCard> = {}): SessionCard => ({
  sessionId: 'sess_1',
  visitorId: 'vis_1',
  startedAt: AT,
  metadata: { url: 'https://shop.example/pricing' },
  ...change,
});

/** What a visitor says, unless told otherwise. */
export const note = (content: string, change: Partial<MessageNote> = {}): MessageNote => ({
  kind: 'message',
  author: { kind: 'visitor', id: 'vis_1' },
  content,
  at: AT,
  edited: false,
  ...change,
});

export const grace = { kind: 'operator', id: '1', name: 'Grace', via: 'telegram' } as const;

export const call = (signal: AbortSignal = new AbortController().signal): Call => ({ signal });

export const postCall = (change: Partial<PostCall> = {}): PostCall => ({
  ...call(),
  nonce: 'nonce 1',
  plain: false,
  ...change,
});
