import type { SessionCard } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iconColorOf, titleOf } from '../src/title.js';

const card = (more: Partial<SessionCard> = {}): SessionCard => ({
  sessionId: 'sess_1',
  visitorId: 'vis_00000000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing?token=secret#top' },
  ...more,
});
const title = (more?: Partial<SessionCard>, showUrl = true) => titleOf(card(more), { showUrl });

describe("a topic's title", () => {
  it('says who it is and on which page, without what may be secret', () => {
    expect(title()).toBe('Visitor ab12 · /pricing');
    expect(title({ identity: { name: 'Anna', verified: false } })).toBe('Anna · /pricing');
    expect(title({ identity: { email: 'anna@acme.example', verified: false } })).toBe(
      'anna@acme.example · /pricing',
    );
  });

  it('names the site for its first page', () => {
    expect(title({ metadata: { url: 'https://acme.example/' } })).toBe('Visitor ab12 · acme.example');
  });

  it('leaves the page out when it is unknown, no address, or not to be shown', () => {
    expect(title({ metadata: {} })).toBe('Visitor ab12');
    expect(title({ metadata: { url: 'not an address' } })).toBe('Visitor ab12');
    expect(title({}, false)).toBe('Visitor ab12');
  });

  it('is readable in any language', () => {
    expect(title({ metadata: { url: 'https://acme.example/za%C5%BC%C3%B3%C5%82%C4%87' } })).toBe(
      'Visitor ab12 · /zażółć',
    );
    expect(title({ metadata: { url: 'https://acme.example/%E0%A4%A' } })).toBe('Visitor ab12 · /%E0%A4%A');
  });

  it('is one well-formed line of 1 to 128 characters, whatever strangers call themselves', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('\ud83d', '\n', '\u202e', '👩‍👩‍👧‍👦', ' '), maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, text, (name, path) => {
        const made = title({
          identity: { name, verified: false },
          metadata: { url: `https://acme.example/${encodeURI(path.replace(/\p{Surrogate}/gu, ''))}` },
        });
        expect(made.length).toBeLessThanOrEqual(128);
        expect(made.trim()).not.toBe('');
        expect(made).not.toMatch(/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe("a topic's colour", () => {
  it('stays the same for a visitor and differs between visitors', () => {
    expect(iconColorOf(card())).toBe(iconColorOf(card({ sessionId: 'sess_2' })));
    const colors = new Set(
      Array.from({ length: 100 }, (_, n) => iconColorOf(card({ visitorId: `vis_${n}` }))),
    );
    expect(colors.size).toBe(6);
  });
});
