import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inThreads, type Message, type Place, parse } from '../src/parse.js';

/** A payload as Discord sends it. */
const fixture = (name: string): Message =>
  JSON.parse(readFileSync(new URL(`../src/__fixtures__/${name}.json`, import.meta.url), 'utf8')) as Message;

const CHANNEL = '1463474600000000000';
const THREAD = '1463474700000000000';
const BOT = '1463474500000000000';
const AT = Date.parse('2026-01-21T09:30:12.345Z');

const commands = ['close', 'note', 'help'].map((name) => ({ name, summary: '' }));

const readHere = (message: Message, edited = false, place: Place = { threadId: THREAD }) =>
  parse(
    message,
    edited,
    place,
    inThreads(CHANNEL, () => BOT),
    commands,
  );

const read = (name: string, edited = false) => readHere(fixture(name), edited);

describe('parse', () => {
  it('reads a message', () => {
    expect(read('text')).toEqual({
      kind: 'message',
      operator: { id: '80351110224678912', name: 'Nelly R.' },
      ref: { chatId: CHANNEL, threadId: THREAD, platformId: '1463474895862337536' },
      content: 'Hello **there**',
      version: AT * 1000,
      at: AT,
    });
  });

  it('calls people as the server does', () => {
    expect(read('nickname')?.operator.name).toBe('Nelly from Support');
  });

  it('reads what a message answers, also when it is gone', () => {
    for (const name of ['reply', 'reply-to-deleted']) {
      expect(read(name)).toMatchObject({ replyTo: { chatId: CHANNEL, platformId: '1463474800000000000' } });
    }
  });

  it('reads an edit, and does not take a preview for one', () => {
    const at = Date.parse('2026-01-21T09:31:02.107Z');
    expect(read('edited', true)).toMatchObject({
      kind: 'edit',
      content: 'Hello you',
      version: at * 1000,
      at,
      sentAt: AT,
    });
    expect(read('unfurled', true)).toBeUndefined();
  });

  it('reads a command, in the channel itself as well', () => {
    expect(read('command')).toMatchObject({ kind: 'command', name: 'close', args: 'see you' });
    expect(readHere(fixture('command'), false, 'channel')).toMatchObject({
      kind: 'command',
      ref: { chatId: CHANNEL, platformId: '1463474895862337536' },
    });
    expect(readHere(fixture('text'), false, 'channel')).toBeUndefined();
  });

  it.each([
    ['!größe 3', 'größe', '3'],
    ['!größe', 'größe', ''],
    ['!1refund', '1refund', ''],
    ["!don't", "don't", ''],
    ['!note: secret', 'note', 'secret'],
    ['!!close', 'close', ''],
    ['! note secret', 'note', 'secret'],
    ['!! Note\nsecret', 'note', 'secret'],
  ])('takes %j for a command', (content, name, args) => {
    expect(readHere({ ...fixture('text'), content })).toMatchObject({ kind: 'command', name, args });
    expect(readHere({ ...fixture('edited'), content }, true)).toMatchObject({
      kind: 'edit',
      command: { name, args },
    });
  });

  it.each([
    ['\u200b!note secret', 'note', 'secret'],
    ['!\u2060no\u200bte secret', 'note', 'secret'],
    [`<@${BOT}> note secret`, 'note', 'secret'],
    [`<@!${BOT}>, Note: secret`, 'note', 'secret'],
    [` \u200b<@${BOT}> !close.`, 'close', ''],
    [`<@${BOT}> is great`, 'is', 'great'],
    [`<@${BOT}>`, 'help', ''],
  ])('takes %j for one too', (content, name, args) => {
    expect(readHere({ ...fixture('text'), content })).toMatchObject({ kind: 'command', name, args });
    expect(readHere({ ...fixture('edited'), content }, true)).toMatchObject({
      kind: 'edit',
      command: { name, args },
    });
  });

  it('takes a mention of any bot for its own while it does not know which one it is', () => {
    const mentioned = { id: BOT, username: 'pocketping', bot: true };
    const said = { ...fixture('text'), content: `<@${BOT}> note secret`, mentions: [mentioned] } as Message;
    const place = { threadId: THREAD };
    const hearing = inThreads(CHANNEL, () => undefined);
    expect(parse(said, false, place, hearing, commands)).toMatchObject({ kind: 'command', name: 'note' });
    const person = { ...said, mentions: [{ ...mentioned, bot: false }] } as Message;
    expect(parse(person, false, place, hearing, commands)).toMatchObject({ kind: 'message' });
  });

  it('says where the finger slipped', () => {
    expect(readHere({ ...fixture('text'), content: '! Close the window' })).toMatchObject({ slipped: true });
    expect(readHere({ ...fixture('text'), content: '!close the window' })).not.toHaveProperty('slipped');
  });

  it.each(['! wow', '!? no way', '!!!', '!!! really', '!', 'wow !close', '! noted', 'Ada, note this'])(
    'leaves %j to the visitor',
    (content) => {
      expect(readHere({ ...fixture('text'), content })).toMatchObject({ kind: 'message', content });
    },
  );

  it('puts names in the place of ids', () => {
    expect(read('mentions')).toMatchObject({
      content: '@Wumpus and @somebody like :party: and :dance:, see https://example.com/a',
    });
  });

  it('does not tell a visitor the id of a role', () => {
    const content = '<@&1463474400000000000> has it';
    expect(readHere({ ...fixture('text'), content })).toMatchObject({ content: '@role has it' });
  });

  it.each([
    ['sticker', 'Stickers'],
    ['poll', 'Polls'],
    ['forwarded', 'Forwarded messages'],
  ])('says what of a %s cannot be delivered', (name, undeliverable) => {
    expect(read(name)).toMatchObject({ kind: 'message', undeliverable });
  });

  it('reads files, and not their addresses, which expire', () => {
    const message = read('file');
    expect(message).toMatchObject({
      kind: 'message',
      content: 'the invoice',
      files: [
        {
          ref: `${THREAD}/1463474895862337536/1463474895862337537`,
          name: 'invoice.pdf',
          mimeType: 'application/pdf',
          size: 84_210,
        },
      ],
    });
    expect(message).not.toHaveProperty('undeliverable');
  });

  it('calls a file as it was called before Discord changed its name', () => {
    const [file] = fixture('file').attachments;
    const renamed = { ...file, filename: 'grn_2.pdf', title: 'größen 2' } as NonNullable<typeof file>;
    expect(readHere({ ...fixture('file'), attachments: [renamed] })).toMatchObject({
      files: [{ name: 'größen 2.pdf' }],
    });
  });

  it.each(['other-bot', 'webhook', 'webhook-named', 'thread-created', 'renamed', 'pinned'])(
    'passes over %s',
    (name) => {
      expect(read(name)).toBeUndefined();
      expect(read(name, true)).toBeUndefined();
    },
  );

  it('passes over the remains of a message that came without an author', () => {
    const { author: _, ...rest } = fixture('edited');
    expect(readHere(rest as Message, true)).toBeUndefined();
  });

  it('does not understand a message without a date', () => {
    const broken = { ...fixture('text'), timestamp: 'soon' };
    expect(() => readHere(broken)).toThrow('no date');
  });
});
