import type { SessionCard } from '@pocketping/core';
import { hashtagOf, ownOf, threadTitle } from '@pocketping/core/rendering';
import { describe, expect, it } from 'vitest';

const card = (visitorId = 'vis_0000ab12', name = 'Ada'): SessionCard => ({
  sessionId: 'sess_1',
  visitorId,
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing?token=secret' },
  identity: { name, verified: false },
});

describe('a conversation', () => {
  it('is called by who it is and on which page, as long as the platform allows', () => {
    expect(threadTitle(card(), { showUrl: true }, 100)).toBe('Ada · /pricing');
    expect(threadTitle(card(), { showUrl: true }, 9)).toBe('Ada · /p…');
    expect(threadTitle(card(), { showUrl: false }, 100)).toBe('Ada');
    expect(threadTitle(card('v', 'x'.repeat(100)), { showUrl: true }, 100)).toBe(
      `${'x'.repeat(63)}… · /pricing`,
    );
  });

  it('has the same colour whenever it is asked for, and others have others', () => {
    const colors = [1, 2, 3] as const;
    const of = (at: number) => ownOf(card(`vis_${at}`), colors);
    const all = Array.from({ length: 50 }, (_, at) => of(at));
    expect(all).toEqual(all.map((_, at) => of(at)));
    expect(new Set(all)).toEqual(new Set(colors));
  });

  it('has a tag of letters and digits from the end of its id', () => {
    expect(hashtagOf('sess_01kfgabcdefghjk7q3fz')).toBe('#c7q3fz');
    expect(hashtagOf('---')).toBe('#c');
  });
});
