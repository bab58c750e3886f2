import type { InboundFile } from '@pocketping/core';
import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { inTopics } from '../src/hearing.js';
import { parse } from '../src/parse.js';
import { fixture } from './fixtures.js';

const bot = { id: 7012345678, username: 'AcmePocketPingBot' };
const parsed = (update: Update) => parse(update, bot, inTopics, []);

describe('a file', () => {
  const files = fixture<{ kind: string; file: InboundFile; update: Update }[]>('files');

  it.each(files)('is handed over: $kind', ({ file, update }) => {
    const inbound = parsed(update);
    expect(inbound).toMatchObject({ kind: 'message', content: '', files: [file] });
    expect(inbound).not.toHaveProperty('undeliverable');
  });

  it('comes with its caption, also a changed one', () => {
    const { message } = fixture('photo');
    expect(parsed(fixture('photo'))).toMatchObject({
      content: 'Our warehouse',
      files: [{ name: 'photo.jpg' }],
    });
    const edited = { ...message, caption: 'Our new warehouse', edit_date: 1_800_000_000 };
    expect(parsed({ update_id: 9, edited_message: edited } as unknown as Update)).toMatchObject({
      kind: 'edit',
      content: 'Our new warehouse',
      files: [{ name: 'photo.jpg' }],
    });
  });

  it('without an id is not understood', () => {
    const { message } = fixture('photo');
    const update = { update_id: 9, message: { ...message, photo: [{ width: 1 }] } } as unknown as Update;
    expect(() => parsed(update)).toThrow('without an id');
  });
});
