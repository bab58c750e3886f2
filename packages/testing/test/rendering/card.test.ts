import type { SessionCard } from '@pocketping/core';
import { type Penmanship, type Run, textOf, visitorCard } from '@pocketping/core/rendering';
import { describe, expect, it } from 'vitest';

/** Brackets show which words are a stranger's. */
const pen: Penmanship = {
  theirs: (text, look) => (text === '' ? [] : [{ ...look, text: `[${text}]` }]),
};
const { visitorLine, contactLine, detailLines, siteLines } = visitorCard(pen);

const everything = { showUrl: true, showMetadata: true };

const card = (more: Partial<SessionCard> = {}): SessionCard => ({
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: {},
  ...more,
});

const ada: SessionCard = card({
  identity: {
    id: 'u1',
    name: 'Ada\nLovelace',
    email: 'ada@acme.example',
    phone: ' ',
    verified: true,
    metadata: { plan: 'pro', seats: 3, trial: null },
  },
  metadata: {
    url: 'https://acme.example/pricing',
    pageTitle: 'Pricing',
    referrer: 'https://search.example/',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
    language: 'en',
    timezone: 'Europe/London',
  },
});

const said = (all: readonly (readonly Run[])[]) => all.map(textOf);

describe('what the team is told of a visitor', () => {
  it('is their name, which stands out, and how to reach them; all in one line', () => {
    expect(visitorLine(ada)).toEqual([
      { text: '[Ada Lovelace]', style: 'bold' },
      { text: ' · ' },
      { text: '[ada@acme.example]' },
      { text: ' · ' },
      { text: '✅ verified' },
    ]);
    expect(textOf(visitorLine(card()))).toBe('[Visitor ab12]');
    expect(contactLine(card())).toEqual([]);
  });

  it('does not say twice what they are called by', () => {
    const identity = { email: 'ada@acme.example', verified: false };
    expect(textOf(visitorLine(card({ identity })))).toBe('[ada@acme.example] · unverified');
    expect(textOf(contactLine(card({ identity })))).toBe('unverified');
  });

  it('is where they are, what they use, and what the site knows', () => {
    expect(said(detailLines(ada, everything))).toEqual([
      '📄 [Pricing]',
      '[https://acme.example/pricing]',
      '[↩️ From ][https://search.example/]',
      '[💻 ][Chrome 126 on Windows]',
      '[🌍 ][en · Europe/London]',
      '[User id: ][u1]',
      '[plan: ][pro]',
      '[seats: ][3]',
    ]);
    expect(said(siteLines(ada.identity))).toEqual(['[User id: ][u1]', '[plan: ][pro]', '[seats: ][3]']);
  });

  it('keeps to itself what is not to be shown, the page that they came from among it', () => {
    expect(said(detailLines(ada, { showUrl: false, showMetadata: false }))).toEqual([]);
    expect(said(detailLines(ada, { showUrl: true, showMetadata: false }))).toEqual([
      '📄 [Pricing]',
      '[https://acme.example/pricing]',
    ]);
    expect(said(detailLines(ada, { showUrl: false, showMetadata: true })).join()).not.toContain('search');
  });

  it('has a line for the page where only its title or its address is known', () => {
    expect(said(detailLines(card({ metadata: { pageTitle: 'Home' } }), everything))).toEqual(['📄 [Home]']);
    expect(said(detailLines(card({ metadata: { url: 'https://a.example/' } }), everything))).toEqual([
      '📄 [https://a.example/]',
    ]);
  });

  it('makes an address what the platform makes of one, and shows 300 characters of any value', () => {
    const { detailLines } = visitorCard({ ...pen, address: (text) => [{ text: `<${text}>` }] });
    const metadata = { url: `https://a.example/${'x'.repeat(400)}`, ip: 'y'.repeat(400) };
    const [page, ip] = said(detailLines(card({ metadata }), everything));
    expect(page).toMatch(/^📄 <https:\/\/a\.example\/x+…>$/);
    expect(page).toHaveLength('📄 <>'.length + 300);
    expect(ip).toHaveLength('[📍 ][]'.length + 300);
  });

  it('has the words as they are where the platform escapes every text by itself', () => {
    expect(textOf(visitorCard().visitorLine(ada))).toBe('Ada Lovelace · ada@acme.example · ✅ verified');
  });
});
