import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { sideBySide } from '../src/hearing.js';
import { Marks } from '../src/mark.js';
import { parse } from '../src/parse.js';

const bot = { id: 7012345678, username: 'AcmePocketPingBot' };
const marks = new Marks({ botToken: `${bot.id}:AAE-secret`, botId: bot.id });
const { link } = marks.of('sess_1', bot.username);
const OLD = -4012345;
const hearing = sideBySide(marks, (chatId) => chatId === String(OLD));
const inboundOf = (update: Update) => parse(update, bot, hearing, []);

const GROUP = { id: -1002345678901, type: 'supergroup', title: 'Team' };
const PERSON = { id: 423456789, type: 'private', first_name: 'Anna' };
const anna = { id: 423456789, is_bot: false, first_name: 'Anna' };
const post = (chat: object = GROUP) => ({
  message_id: 33,
  date: 1760000000,
  chat,
  from: { id: bot.id, is_bot: true, first_name: 'PocketPing' },
  text: '👤 Ada #c\nDo you ship?',
  entities: [{ type: 'text_link', offset: 0, length: 2, url: link }],
});
const teammate = { message_id: 34, date: 1760000001, chat: GROUP, from: { ...anna, id: 9 }, text: 'Yes' };
const written = (message: object, kind = 'message'): Update =>
  ({
    update_id: 1,
    [kind]: { message_id: 40, date: 1760000100, chat: GROUP, from: anna, text: 'Hello', ...message },
  }) as unknown as Update;

describe('in a chat that conversations share', () => {
  it('a reply to a post is for its conversation, and still answers that message', () => {
    expect(inboundOf(written({ reply_to_message: post() }))).toMatchObject({
      kind: 'message',
      ref: { chatId: String(GROUP.id), platformId: '40', threadId: 'sess_1' },
      replyTo: { chatId: String(GROUP.id), platformId: '33', threadId: 'sess_1' },
    });
  });

  it('a reply to a teammate names the message, and no conversation', () => {
    const inbound = inboundOf(written({ reply_to_message: teammate, message_thread_id: 33 }));
    expect(inbound).toMatchObject({ replyTo: { chatId: String(GROUP.id), platformId: '34' } });
    expect(inbound?.ref).not.toHaveProperty('threadId');
    expect(inbound).not.toHaveProperty('replyTo.threadId');
  });

  it('what answers nothing is the team’s own talk in a group, and for some visitor in a person’s chat', () => {
    expect(inboundOf(written({}))).toMatchObject({ aside: true });
    expect(inboundOf(written({}, 'edited_message'))).toMatchObject({ aside: true });
    const inbound = inboundOf(written({ chat: PERSON }));
    expect(inbound).toMatchObject({ kind: 'message', ref: { chatId: String(PERSON.id), platformId: '40' } });
    expect(inbound).not.toHaveProperty('replyTo');
  });

  it('commands say which post they answer, or stand alone', () => {
    const status = { text: '/status', entities: [{ type: 'bot_command', offset: 0, length: 7 }] };
    expect(inboundOf(written({ ...status, reply_to_message: post() }))).toMatchObject({
      kind: 'command',
      name: 'status',
      ref: { threadId: 'sess_1' },
      replyTo: { platformId: '33' },
    });
    expect(inboundOf(written(status))).toMatchObject({ kind: 'command', name: 'status' });
  });

  it('/start, which the button of a new chat sends, asks for help', () => {
    const start = { text: '/start sess_1-x', entities: [{ type: 'bot_command', offset: 0, length: 6 }] };
    expect(inboundOf(written({ ...start, chat: PERSON }))).toMatchObject({ kind: 'command', name: 'help' });
  });

  it('/delete asks for the deletion of the message it answers', () => {
    const command = { text: '/delete', entities: [{ type: 'bot_command', offset: 0, length: 7 }] };
    expect(inboundOf(written({ ...command, reply_to_message: teammate }))).toMatchObject({
      kind: 'delete',
      ref: { chatId: String(GROUP.id), platformId: '34' },
      asked: { platformId: '40' },
    });
  });

  it('an edit of a reply belongs where the reply does', () => {
    const edited = { reply_to_message: post(), text: 'Hello!', edit_date: 1760000130 };
    expect(inboundOf(written(edited, 'edited_message'))).toMatchObject({
      kind: 'edit',
      ref: { threadId: 'sess_1' },
    });
  });

  it('what stands in the group from before it became a supergroup is known by its old id', () => {
    const external_reply = { origin: {}, chat: { id: OLD, type: 'group' }, message_id: 33 };
    expect(inboundOf(written({ external_reply }))).toMatchObject({
      replyTo: { chatId: String(OLD), platformId: '33' },
    });
    const inbound = inboundOf(written({ reply_to_message: post({ id: OLD, type: 'group' }) }));
    expect(inbound).toMatchObject({ replyTo: { chatId: String(OLD), platformId: '33' } });
    expect(inbound?.ref).not.toHaveProperty('threadId');
  });

  it('a reply to something of another chat answers nothing here', () => {
    const external_reply = { origin: {}, chat: { id: -1009, type: 'supergroup' }, message_id: 33 };
    expect(inboundOf(written({ external_reply }))).not.toHaveProperty('replyTo');
    expect(inboundOf(written({ external_reply: { origin: {} } }))).not.toHaveProperty('replyTo');
  });
});
