import { hashtagOf } from '@pocketping/core/rendering';
import type { Message } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { START_PARAMETER } from '../src/limits.js';
import { Marks } from '../src/mark.js';

const botId = 7012345678;
const botToken = `${botId}:AAE-secret`;
const marks = new Marks({ botToken, botId });
const SESSION = 'sess_01kfgabcde0123456789abcdefghjk7q3fz';
const { link, line } = marks.of(SESSION, 'acme_bot');

const post = (change: object): Message =>
  ({
    message_id: 1,
    date: 0,
    chat: { id: 1 },
    from: { id: botId, is_bot: true },
    ...change,
  }) as unknown as Message;
const linked = (url: string, offset = 0) =>
  post({ text: '👤 Anna\nhello', entities: [{ type: 'text_link', offset, length: 2, url }] });

describe('a mark', () => {
  it('is read from the link of the first sign, and from the last line', () => {
    expect(marks.read(linked(link))).toBe(SESSION);
    expect(marks.read(post({ text: `👤 Anna\nhello${line}` }))).toBe(SESSION);
  });

  it('is read below a file as well', () => {
    const { text: caption, entities: caption_entities } = linked(link);
    expect(marks.read(post({ photo: [], caption, caption_entities }))).toBe(SESSION);
    expect(marks.read(post({ photo: [], caption: `👤 Anna${line}` }))).toBe(SESSION);
  });

  it('is the same without the bot’s name, and after it has another', () => {
    expect(marks.read(linked(marks.of(SESSION, undefined).link))).toBe(SESSION);
    expect(marks.read(linked(marks.of(SESSION, 'renamed_bot').link))).toBe(SESSION);
  });

  it('opens the chat with the bot by what Telegram takes for a parameter', () => {
    const parameter = new URL(link).searchParams.get('start') ?? '';
    expect(parameter).toMatch(START_PARAMETER);
    expect(link.startsWith('https://t.me/acme_bot?start=sess_')).toBe(true);
  });

  it('survives ids of any form', () => {
    for (const id of ['a b', 'ü&?=#-x', '1', 'x-1234567890']) {
      const mark = marks.of(id, 'acme_bot');
      expect(marks.read(linked(new URL(mark.link).href))).toBe(id);
    }
    expect(marks.read(post({ text: `x${marks.of('x-y', 'b').line}` }))).toBe('x-y');
  });

  it('counts only in the bot’s own posts', () => {
    expect(marks.read(post({ text: `hello${line}`, from: { id: 5, is_bot: false } }))).toBeUndefined();
    expect(marks.read(post({ text: `hello${line}`, from: undefined }))).toBeUndefined();
  });

  it('counts only with its seal, which takes the token', () => {
    const others = new Marks({ botToken: `${botId}:other`, botId }).of(SESSION, 'acme_bot');
    expect(marks.read(linked(others.link))).toBeUndefined();
    expect(marks.read(post({ text: `hello${others.line}` }))).toBeUndefined();
    expect(marks.read(linked(`https://t.me/acme_bot?start=${SESSION}`))).toBeUndefined();
    expect(marks.read(linked('https://t.me/acme_bot?start=-'))).toBeUndefined();
    expect(marks.read(linked('https://t.me/acme_bot'))).toBeUndefined();
  });

  it('counts only where the bot puts it: what a visitor copies stands elsewhere', () => {
    const other = marks.of('sess_other', 'acme_bot');
    expect(marks.read(linked(link, 8))).toBeUndefined();
    expect(marks.read(post({ text: `👤 Anna\nhello${line}${other.line}` }))).toBe('sess_other');
    expect(marks.read(post({ text: `👤 Anna\nhello${line}\nbye` }))).toBeUndefined();
    const both = {
      text: `👤 Anna${line}`,
      entities: [{ type: 'text_link', offset: 0, length: 2, url: other.link }],
    };
    expect(marks.read(post(both))).toBe('sess_other');
  });

  it('is in no other post', () => {
    expect(marks.read(post({ text: 'Deleted for the visitor.' }))).toBeUndefined();
    expect(marks.read(post({ photo: [] }))).toBeUndefined();
  });
});

describe('the tag', () => {
  it('is one that Telegram makes tappable: letters and digits, a letter among them', () => {
    for (const id of [SESSION, 'sess_00000', '---', 'sess_1-2_3'])
      expect(hashtagOf(id)).toMatch(/^#c[a-z0-9]*$/i);
  });
});
