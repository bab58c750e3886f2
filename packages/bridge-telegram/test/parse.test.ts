import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { plainText } from '../src/content.js';
import { inTopics } from '../src/hearing.js';
import { parse } from '../src/parse.js';
import { fixture } from './fixtures.js';

const bot = { id: 7012345678, username: 'AcmePocketPingBot' };
const commands = ['online', 'close', 'help', 'delete'].map((name) => ({ name, summary: '' }));
const inboundOf = (name: string) => parse(fixture(name), bot, inTopics, commands);
const anna = { id: '423456789', name: 'Anna Kowalska' };
const here = { chatId: '-1001987654321', threadId: '31' };

describe('a message in a topic', () => {
  it('is a reply by the person who typed it', () => {
    expect(inboundOf('text')).toEqual({
      kind: 'message',
      operator: anna,
      ref: { ...here, platformId: '40' },
      content: 'Yes, within three days 🚚',
      at: 1760000100_000,
      version: 1760000100 * 2 ** 20 + (581230101 % 2 ** 20),
    });
  });

  it('answers nothing when Telegram merely says that it answers the creation of the topic', () => {
    expect(inboundOf('text')).not.toHaveProperty('replyTo');
  });

  it('names the message it answers', () => {
    expect(inboundOf('native-reply')).toMatchObject({ replyTo: { ...here, platformId: '33' } });
  });

  it('does not answer a message of another topic, which is another conversation', () => {
    const inbound = inboundOf('reply-to-other-topic');
    expect(inbound).toMatchObject({ kind: 'message', content: 'As I said there' });
    expect(inbound).not.toHaveProperty('replyTo');
  });

  it('keeps the addresses of its links', () => {
    expect(inboundOf('text-link')).toMatchObject({
      content: 'See our terms (https://acme.example/terms?ref=1) and the FAQ (https://acme.example/faq).',
    });
  });

  it('comes from the group when its administrator is anonymous', () => {
    expect(inboundOf('anonymous-admin')).toMatchObject({
      kind: 'message',
      operator: { id: '-1001987654321', name: 'Acme Support' },
      content: 'We do.',
    });
  });

  it('is ignored when a bot wrote it', () => {
    expect(inboundOf('other-bot')).toBeUndefined();
  });

  it('is ignored until it has an id of its own', () => {
    expect(inboundOf('not-sent-yet')).toBeUndefined();
  });

  it('may speak of a command', () => {
    expect(inboundOf('command-later-in-text')).toMatchObject({
      kind: 'message',
      content: 'Then type /close',
    });
  });
});

describe('an edit', () => {
  it('carries the new text, both times, and a newer version', () => {
    const sent = inboundOf('text');
    const edit = inboundOf('edited');
    expect(edit).toMatchObject({
      kind: 'edit',
      operator: anna,
      ref: { ...here, platformId: '40' },
      content: 'Yes, within two days 🚚',
      sentAt: 1760000100_000,
      at: 1760000130_000,
    });
    expect(versionOf(edit)).toBeGreaterThan(versionOf(sent));
  });

  it('is newer than another of the same second, and as new as its own repetition', () => {
    const first = fixture('edited');
    const second = { ...fixture('edited'), update_id: first.update_id + 1 };
    expect(versionOf(parse(second, bot, inTopics, commands))).toBeGreaterThan(
      versionOf(parse(first, bot, inTopics, commands)),
    );
    expect(versionOf(parse(fixture('edited'), bot, inTopics, commands))).toBe(
      versionOf(parse(first, bot, inTopics, commands)),
    );
  });

  it('that turns a message into a command runs no command', () => {
    expect(inboundOf('command-edited')).toMatchObject({
      kind: 'edit',
      content: '/close',
      command: { name: 'close', args: '' },
    });
  });

  it('is not made by a position that moves on', () => {
    expect(inboundOf('location-moves')).toBeUndefined();
  });
});

describe('what cannot be passed on', () => {
  const media = fixture<{ undeliverable: string; update: Update }[]>('media');

  it.each(media)('is named: $undeliverable', ({ undeliverable, update }) => {
    expect(parse(update, bot, inTopics, commands)).toMatchObject({
      kind: 'message',
      content: '',
      undeliverable,
    });
  });
});

describe('a command', () => {
  it('has a name and arguments, and may name the bot', () => {
    expect(inboundOf('command')).toEqual({
      kind: 'command',
      operator: anna,
      ref: { ...here, platformId: '44' },
      at: 1760000100_000,
      name: 'close',
      args: 'all done',
    });
  });

  it('may be the caption of a photo', () => {
    const update = fixture('photo');
    const caption = '/note our warehouse';
    const caption_entities = [{ type: 'bot_command' as const, offset: 0, length: 5 }];
    const captioned = { ...update, message: { ...update.message, caption, caption_entities } } as Update;
    expect(parse(captioned, bot, inTopics, commands)).toMatchObject({
      kind: 'command',
      name: 'note',
      args: 'our warehouse',
      undeliverable: 'Photos',
    });
  });

  it('for another bot is not ours', () => {
    expect(inboundOf('command-for-other-bot')).toBeUndefined();
  });

  it('works in General, outside of any thread', () => {
    const inbound = inboundOf('command-in-general');
    expect(inbound).toMatchObject({ kind: 'command', name: 'online', args: '' });
    expect(inbound?.ref).toEqual({ chatId: here.chatId, platformId: '46' });
  });

  it('/delete as a reply asks for the deletion of what it replies to', () => {
    expect(inboundOf('delete-reply')).toEqual({
      kind: 'delete',
      operator: anna,
      at: 1760000100_000,
      ref: { ...here, platformId: '40' },
      asked: { ...here, platformId: '48' },
      isPersons: true,
    });
  });

  it('/delete as a reply to a post of the bot says nothing of whose it is', () => {
    const update = fixture<{ message: { reply_to_message: { from: { is_bot: boolean } } } }>('delete-reply');
    update.message.reply_to_message.from.is_bot = true;
    const asked = parse(update as never, bot, inTopics, commands);
    expect(asked).toMatchObject({ kind: 'delete' });
    expect(asked).not.toHaveProperty('isPersons');
  });

  it('/delete on its own is handed over like any command', () => {
    expect(inboundOf('delete-alone')).toMatchObject({ kind: 'command', name: 'delete' });
  });

  it('is what closing the topic by hand means', () => {
    expect(inboundOf('topic-closed')).toMatchObject({
      kind: 'command',
      name: 'close',
      args: '',
      operator: anna,
      ref: { ...here, platformId: '54' },
    });
  });
});

describe('what is not for the engine', () => {
  it.each(['topic-closed-by-bot', 'talk-in-general', 'reply-chain-in-general'])('%s is ignored', (name) => {
    expect(inboundOf(name)).toBeUndefined();
  });

  it.each(
    fixture<Update[]>('service').map((update) => [Object.keys(update.message ?? {}).at(-2), update] as const),
  )('what Telegram says itself is ignored: %s', (_, update) => {
    expect(parse(update, bot, inTopics, commands)).toBeUndefined();
  });

  it('is an update without a message', () => {
    expect(parse({ update_id: 1 }, bot, inTopics, commands)).toBeUndefined();
  });
});

describe('plain text', () => {
  const link = (offset: number, length: number, url: string) => ({
    type: 'text_link' as const,
    offset,
    length,
    url,
  });

  it('does not repeat an address that is its own text', () => {
    expect(plainText('https://acme.example', [link(0, 20, 'https://acme.example/')])).toBe(
      'https://acme.example',
    );
    expect(plainText('acme.example', [link(0, 12, 'http://acme.example/')])).toBe('acme.example');
  });

  it('drops links that work inside Telegram only', () => {
    expect(plainText('Anna', [link(0, 4, 'tg://user?id=1')])).toBe('Anna');
  });

  it('puts an address before the white space that a link ends with', () => {
    expect(plainText('here , now', [link(0, 5, 'https://a.example/b')])).toBe(
      'here (https://a.example/b) , now',
    );
  });

  it('counts in UTF-16 code units, as Telegram does', () => {
    expect(plainText('👍🏽 here!', [link(5, 4, 'https://a.example/b')])).toBe(
      '👍🏽 here (https://a.example/b)!',
    );
  });
});

const versionOf = (inbound: ReturnType<typeof parse>): number =>
  inbound && 'version' in inbound ? inbound.version : Number.NaN;

describe('what is typed after a slash', () => {
  const typed = (text: string, message: object = {}) => {
    const { message: said } = fixture<{ message: object }>('text');
    return parse({ update_id: 7, message: { ...said, text, ...message } } as never, bot, inTopics, commands);
  };

  it.each([
    ['/schließen', 'schließen', ''],
    ['/größe 3', 'größe', '3'],
    ['/1refund', '1refund', ''],
    ['/Переслать всё', 'переслать', 'всё'],
    ['/pricing', 'pricing', ''],
    ['/pricing/eu', 'pricing/eu', ''],
    ['/close: see you', 'close', 'see you'],
  ])('%j is a command, also where Telegram marks none', (text, name, args) => {
    expect(typed(text)).toMatchObject({ kind: 'command', name, args });
  });

  it.each([
    ['/ help', 'help', ''],
    ['/  close', 'close', ''],
    [' / online ', 'online', ''],
    ['/ CLOSE', 'close', ''],
    ['/\thelp', 'help', ''],
    ['/ help me', 'help', 'me'],
    ['//close', 'close', ''],
    ['/ /close', 'close', ''],
    ['// help', 'help', ''],
    ['/ close@AcmePocketPingBot', 'close', ''],
  ])('%j is the command that it would be without the slip', (text, name, args) => {
    expect(typed(text)).toMatchObject({ kind: 'command', name, args });
  });

  it.each([
    ['\u200b/note rude', 'note', 'rude'],
    ['/\u2060no\u200bte rude', 'note', 'rude'],
    ['\u200b/note@AcmePocketPingBot rude', 'note', 'rude'],
    ['@AcmePocketPingBot note rude', 'note', 'rude'],
    ['\u200b@acmepocketpingbot, Note: rude', 'note', 'rude'],
    ['@AcmePocketPingBot /close', 'close', ''],
    ['@AcmePocketPingBot is great', 'is', 'great'],
    ['@AcmePocketPingBot', 'help', ''],
  ])('%j is one as well', (text, name, args) => {
    expect(typed(text)).toMatchObject({ kind: 'command', name, args });
  });

  it('is marked where the finger slipped', () => {
    expect(typed('/ close the window')).toMatchObject({ name: 'close', slipped: true });
    expect(typed('/close the window')).not.toHaveProperty('slipped');
  });

  it('the finger may slip before /delete as well', () => {
    const { message } = fixture<{ message: { reply_to_message: object } }>('delete-reply');
    const { reply_to_message } = message;
    expect(typed('/ delete', { reply_to_message })).toMatchObject({ kind: 'delete' });
  });

  it.each(['/größe@OtherBot', '//close@OtherBot'])('%j is for another bot', (text) => {
    expect(typed(text)).toBeUndefined();
  });

  it.each([
    '/ something',
    '/ closed',
    '// 7',
    'see /pricing',
    'and / help',
    '/',
    '/ ',
    '/?',
    '/\n',
    '@AcmePocketPingBots note',
    '@OtherBot note',
    'ask @AcmePocketPingBot',
  ])('%j is for the visitor', (text) => {
    expect(typed(text)).toMatchObject({ kind: 'message' });
  });

  it.each(['/ close', '/größe', '@AcmePocketPingBot note rude'])(
    '%j does not become a message by an edit',
    (text) => {
      const { message } = fixture<{ message: object }>('text');
      const update = { update_id: 7, edited_message: { ...message, text, edit_date: 1 } };
      expect(parse(update as never, bot, inTopics, commands)).toMatchObject({
        kind: 'edit',
        command: { name: expect.any(String) },
      });
    },
  );

  it('is a command below a picture, too', () => {
    expect(typed('', { text: undefined, caption: '/ help', photo: [] })).toMatchObject({
      kind: 'command',
      name: 'help',
    });
  });
});
