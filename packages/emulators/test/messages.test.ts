import { describe, expect, test } from 'vitest';
import { refusalOf, startTelegram } from './telegram.js';

describe('sending', () => {
  test('answers the message with the documented fields', async () => {
    const { api, chat, telegram } = await startTelegram({ clock: { now: () => 1_700_000_000_500 } });
    const topic = await api.createForumTopic(chat, 'Ada');
    const sent = await api.sendMessage(chat, 'Hello', { message_thread_id: topic.message_thread_id });
    expect(sent).toEqual({
      message_id: topic.message_thread_id + 1,
      from: {
        id: Number(telegram.botToken.split(':')[0]),
        is_bot: true,
        first_name: 'PocketPing',
        username: 'pocketping_bot',
      },
      chat: { id: Number(chat), title: 'Support team', type: 'supergroup', is_forum: true },
      date: 1_700_000_000,
      message_thread_id: topic.message_thread_id,
      is_topic_message: true,
      text: 'Hello',
      reply_to_message: expect.objectContaining({
        message_id: topic.message_thread_id,
        forum_topic_created: { name: 'Ada', icon_color: topic.icon_color },
      }),
    });
  });

  test('goes to General without a thread, and refuses thread 1 as the platform does', async () => {
    const { api, chat, telegram } = await startTelegram();
    const sent = await api.sendMessage(chat, 'to all');
    expect(sent).not.toHaveProperty('message_thread_id');
    expect(telegram.messages(1).map((message) => message.text)).toEqual(['to all']);
    const refusal = await refusalOf(api.sendMessage(chat, 'x', { message_thread_id: 1 }));
    expect(refusal.description).toBe('Bad Request: message thread not found');
  });

  test('replies carry the message they answer, once', async () => {
    const { api, chat } = await startTelegram();
    const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
    const first = await api.sendMessage(chat, 'first', { message_thread_id });
    const second = await api.sendMessage(chat, 'second', {
      message_thread_id,
      reply_parameters: { message_id: first.message_id },
    });
    expect(second.reply_to_message).toMatchObject({ message_id: first.message_id, text: 'first' });
    expect(second.reply_to_message).not.toHaveProperty('reply_to_message');
  });

  test('a reply to a missing message is refused unless that is allowed', async () => {
    const { api, chat } = await startTelegram();
    const gone = { message_id: 4711 };
    const refusal = await refusalOf(api.sendMessage(chat, 'x', { reply_parameters: gone }));
    expect(refusal.description).toBe('Bad Request: message to be replied not found');
    const sent = await api.sendMessage(chat, 'x', {
      reply_parameters: { ...gone, allow_sending_without_reply: true },
    });
    expect(sent.reply_to_message).toBeUndefined();
  });

  test.each([
    ['', 'message text is empty'],
    [' \n ', 'message text is empty'],
    ['x'.repeat(4097), 'message is too long'],
    ['half \ud83d', 'strings must be encoded in UTF-8'],
  ])('refuses %j', async (text, why) => {
    const { api, chat } = await startTelegram();
    const refusal = await refusalOf(api.sendMessage(chat, text));
    expect(refusal.error_code).toBe(400);
    expect(refusal.description).toBe(`Bad Request: ${why}`);
  });

  test('counts the limit after the entities, in characters', async () => {
    const { api, chat } = await startTelegram();
    await api.sendMessage(chat, `<b>${'😀'.repeat(4096)}</b>`, { parse_mode: 'HTML' });
  });

  test('refuses a foreign chat, a deleted topic and, without the right, a closed one', async () => {
    const { api, chat, telegram } = await startTelegram();
    expect((await refusalOf(api.sendMessage(-100, 'x'))).description).toBe('Bad Request: chat not found');
    const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
    await api.closeForumTopic(chat, message_thread_id);
    await api.sendMessage(chat, 'administrators may', { message_thread_id });
    telegram.setBotMembership({ can_manage_topics: false });
    expect((await refusalOf(api.sendMessage(chat, 'x', { message_thread_id }))).description).toBe(
      'Bad Request: TOPIC_CLOSED',
    );
    telegram.deleteTopic(message_thread_id);
    expect((await refusalOf(api.sendMessage(chat, 'x', { message_thread_id }))).description).toBe(
      'Bad Request: message thread not found',
    );
    telegram.setBotMembership({ status: 'kicked' });
    const kicked = await refusalOf(api.sendMessage(chat, 'x'));
    expect([kicked.error_code, kicked.description]).toEqual([
      403,
      'Forbidden: bot was kicked from the supergroup chat',
    ]);
  });
});

describe('editing and deleting', () => {
  test('an edit shows on the phone and has an edit_date', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_id } = await api.sendMessage(chat, 'before');
    const edited = await api.editMessageText(chat, message_id, '<i>after</i>', { parse_mode: 'HTML' });
    expect(edited).toMatchObject({ text: 'after', edit_date: expect.any(Number) });
    expect(telegram.message(message_id)).toMatchObject({
      text: 'after',
      edited: true,
      entities: [{ type: 'italic', offset: 0, length: 5 }],
    });
  });

  test('refuses what the platform refuses', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_id } = await api.sendMessage(chat, 'same');
    const theirs = telegram.operator({ name: 'Ada' }).typeInGeneral('mine');
    const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;
    expect(await words(api.editMessageText(chat, message_id, 'same'))).toBe(
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
    expect(await words(api.editMessageText(chat, 4711, 'x'))).toBe('Bad Request: message to edit not found');
    expect(await words(api.editMessageText(chat, theirs.id, 'x'))).toBe(
      "Bad Request: message can't be edited",
    );
    expect(await words(api.deleteMessage(chat, 4711))).toBe('Bad Request: message to delete not found');
    telegram.setBotMembership({ can_delete_messages: false });
    expect(await words(api.deleteMessage(chat, theirs.id))).toBe("Bad Request: message can't be deleted");
  });

  test('what was deleted leaves the phone and cannot be edited', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_id } = await api.sendMessage(chat, 'oops');
    expect(await api.deleteMessage(chat, message_id)).toBe(true);
    expect(telegram.messages(1)).toEqual([]);
    expect(telegram.message(message_id)).toMatchObject({ deleted: true, text: '' });
    expect((await refusalOf(api.editMessageText(chat, message_id, 'x'))).description).toBe(
      'Bad Request: message to edit not found',
    );
  });

  test('reactions come and go', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { id } = telegram.operator({ name: 'Ada' }).typeInGeneral('done');
    await api.setMessageReaction(chat, id, [{ type: 'emoji', emoji: '👍' }]);
    expect(telegram.message(id)?.reactions).toEqual(['👍']);
    await api.setMessageReaction(chat, id, [{ type: 'emoji', emoji: '👀' }]);
    expect(telegram.message(id)?.reactions).toEqual(['👀']);
    for (const emoji of ['✅', 'x'] as never[]) {
      const { description } = await refusalOf(api.setMessageReaction(chat, id, [{ type: 'emoji', emoji }]));
      expect(description).toBe('Bad Request: REACTION_INVALID');
    }
    await api.setMessageReaction(chat, id, []);
    expect(telegram.message(id)?.reactions).toEqual([]);
  });
});
