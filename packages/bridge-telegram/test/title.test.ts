import type { SessionCard } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iconColorOf, titleOf } from '../src/title.js';
import { describeUserAgent } from '../src/user-agent.js';

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

describe('a user agent', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36`,
      'Chrome 126 on Windows',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87`,
      'Edge 126 on Windows',
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/125.0.0.0 Safari/537.36 OPR/111.0.0.0`,
      'Opera 111 on Linux',
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/126.0.0.0 Mobile Safari/537.36`,
      'Chrome 126 on Android phone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-X700) ${webkit} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36`,
      'Samsung Internet 25 on Android tablet',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0',
      'Firefox 127 on macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari 17 on iPhone',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1',
      'Chrome 126 on iPad',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15',
      'Safari 17 on macOS',
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/126.0.0.0 Safari/537.36`,
      'Chrome 126 on ChromeOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 334.0.4.32.98',
      'Instagram app 334 on iPhone',
    ],
    ['curl/8.5.0', undefined],
    ['', undefined],
  ])('%s', (userAgent, description) => {
    expect(describeUserAgent(userAgent)).toBe(description);
  });
});
