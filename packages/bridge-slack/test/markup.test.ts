import { isBlank, readable } from '@pocketping/core/rendering';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LENGTH, TEXT_LENGTH } from '../src/limits.js';
import { escapeMarkup, type Run, toParts } from '../src/markup.js';
import { render } from '../src/render.js';
import { renderMarked } from '../src/render-marked.js';
import { card } from './emulated.js';

interface Block {
  readonly elements: readonly { readonly type: string; readonly elements: readonly { text: string }[] }[];
}
const textsIn = (markup: string): string[] =>
  (JSON.parse(markup) as Block[]).flatMap(({ elements }) =>
    elements.flatMap(({ elements }) => elements.map(({ text }) => text)),
  );
const dense = (text: string): string => text.replace(/\s+/gu, '');

/** Texts that grow when they are escaped, and such as people write. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('&', '<', '>', '\n', ' ', 'a', '👩‍👩‍👧‍👦', '\u0000', '\ud800'),
    maxLength: 9000,
  }),
);
const runs = fc.array(
  fc.record(
    {
      text,
      style: fc.constantFrom('bold', 'italic', 'code', 'block'),
      quoted: fc.constant(true),
    },
    { requiredKeys: ['text'] },
  ),
  { maxLength: 5 },
) as fc.Arbitrary<Run[]>;

describe('any text', () => {
  it('fits into messages that Slack takes, and loses nothing', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const parts = toParts(all);
        for (const { markup, plain } of parts) {
          const texts = textsIn(markup);
          expect(texts.every((each) => each.length > 0)).toBe(true);
          expect(texts.join('').length).toBeLessThanOrEqual(MESSAGE_LENGTH);
          expect(escapeMarkup(plain).length).toBeLessThanOrEqual(TEXT_LENGTH);
          expect(`${markup}${plain}`).not.toMatch(/\p{Surrogate}/u);
        }
        const seen = parts.flatMap(({ markup }) => textsIn(markup)).join('');
        const said = all.map((run) => readable(run.text)).join('');
        expect(dense(seen)).toBe(isBlank(said) ? '' : dense(said));
      }),
    );
  });

  it('leaves nothing of Slack’s markup when it is escaped', () => {
    fc.assert(
      fc.property(text, (each) => {
        const escaped = escapeMarkup(each);
        expect(escaped).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(each);
      }),
    );
  });
});

describe('what the team gets to see of a visitor', () => {
  const told = {
    ...card,
    metadata: {
      url: 'https://acme.example/pricing?token=secret',
      userAgent: 'Mozilla/5.0',
      ip: '203.0.113.7',
    },
    identity: { id: 'user-7', name: 'Ada', verified: true },
  } as const;
  const all = { showUrl: true, showMetadata: true };

  it.each([
    render,
    (note: Parameters<typeof render>[0], shown: typeof all) => renderMarked(note, told, shown),
  ])('is as much as the owner wants', (rendered) => {
    const seen = (shown: typeof all) =>
      rendered({ kind: 'card', card: told }, shown)
        .map(({ plain }) => plain)
        .join();
    expect(seen(all)).toMatch(/pricing.*203\.0\.113\.7.*user-7/s);
    expect(seen({ ...all, showUrl: false })).not.toContain('acme.example');
    expect(seen({ ...all, showMetadata: false })).not.toMatch(/203\.0\.113\.7|user-7/);
  });

  it('links to the page only where it is an address of the web, and says where it leads', () => {
    const linked = (url: string) => {
      const [part] = render({ kind: 'card', card: { ...told, metadata: { url } } }, all);
      return /\{"type":"link","url":"([^"]+)","text":"([^"]+)"/.exec(part?.markup ?? '')?.slice(1);
    };
    expect(linked('https://acme.example/a?b=1')).toEqual([
      'https://acme.example/a?b=1',
      'https://acme.example/a?b=1',
    ]);
    for (const url of [
      'javascript:alert(1)',
      'https://acme.example/<!channel>',
      'slack://open',
      'https://a b',
    ]) {
      expect(linked(url)).toBeUndefined();
    }
  });
});

describe('a custom event', () => {
  it('has its data in a box, as it is written', () => {
    const event = { kind: 'event', name: 'clicked', sessionId: card.sessionId, at: 0 } as const;
    const shown = { showUrl: true, showMetadata: true };
    const [part] = render({ ...event, data: { plan: '*pro*', seats: [3] } }, shown);
    expect(JSON.parse(part?.markup ?? '')).toEqual([
      {
        type: 'rich_text',
        elements: [
          expect.objectContaining({ type: 'rich_text_section' }),
          {
            type: 'rich_text_preformatted',
            elements: [{ type: 'text', text: '{\n  "plan": "*pro*",\n  "seats": [\n    3\n  ]\n}' }],
          },
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: '🆔 ' },
              { type: 'text', text: card.sessionId, style: { code: true } },
            ],
          },
        ],
      },
    ]);
    const [bare] = render(event, shown);
    expect(bare?.markup).not.toContain('preformatted');
  });
});
