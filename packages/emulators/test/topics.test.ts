import { describe, expect, test } from 'vitest';
import { refusalOf, startTelegram } from './telegram.js';

const colours = [7322096, 16766590, 13338331, 9367192, 16749490, 16478047] as const;

describe('topics', () => {
  test.each(colours)('are created with the colour %i', async (icon_color) => {
    const { api, chat, telegram } = await startTelegram();
    const topic = await api.createForumTopic(chat, ' Ada · Berlin ', { icon_color });
    expect(topic).toEqual({ message_thread_id: expect.any(Number), name: 'Ada · Berlin', icon_color });
    expect(telegram.topics()).toMatchObject([
      {
        id: topic.message_thread_id,
        title: 'Ada · Berlin',
        iconColor: `#${icon_color.toString(16).padStart(6, '0')}`,
        closed: false,
      },
    ]);
  });

  test('close, reopen and rename, each once', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_thread_id: topic } = await api.createForumTopic(chat, 'Ada');
    const unmodified = async (call: Promise<unknown>) =>
      expect((await refusalOf(call)).description).toBe('Bad Request: TOPIC_NOT_MODIFIED');
    await unmodified(api.reopenForumTopic(chat, topic));
    await api.closeForumTopic(chat, topic);
    await unmodified(api.closeForumTopic(chat, topic));
    expect(telegram.topic(topic)?.closed).toBe(true);
    await api.reopenForumTopic(chat, topic);
    await api.editForumTopic(chat, topic, { name: 'Ada L.' });
    await unmodified(api.editForumTopic(chat, topic, { name: 'Ada L.' }));
    expect(telegram.topic(topic)).toMatchObject({ closed: false, title: 'Ada L.' });
    expect(telegram.messages(topic).map((message) => message.type)).toEqual([
      'topic_created',
      'topic_closed',
      'topic_reopened',
      'topic_edited',
    ]);
  });

  test('that were deleted are unknown to every method', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_thread_id: topic } = await api.createForumTopic(chat, 'Ada');
    const { message_id } = await api.sendMessage(chat, 'hi', { message_thread_id: topic });
    await api.deleteForumTopic(chat, topic);
    expect(telegram.topics()).toEqual([]);
    const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;
    expect(await words(api.closeForumTopic(chat, topic))).toBe('Bad Request: TOPIC_ID_INVALID');
    expect(await words(api.editForumTopic(chat, topic, { name: 'x' }))).toBe('Bad Request: TOPIC_ID_INVALID');
    expect(await words(api.deleteForumTopic(chat, topic))).toBe('Bad Request: TOPIC_ID_INVALID');
    expect(await words(api.sendChatAction(chat, 'typing', { message_thread_id: topic }))).toBe(
      'Bad Request: message thread not found',
    );
    expect(await words(api.editMessageText(chat, message_id, 'x'))).toBe(
      'Bad Request: message to edit not found',
    );
  });

  test('need a name, a documented colour and the right', async () => {
    const { api, chat, telegram } = await startTelegram();
    const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;
    expect(await words(api.createForumTopic(chat, ''))).toBe('Bad Request: title must be non-empty');
    expect(await words(api.createForumTopic(chat, 'x'.repeat(129)))).toBe('Bad Request: TOPIC_TITLE_INVALID');
    const colour = { icon_color: 1 as 7322096 };
    expect(await words(api.createForumTopic(chat, 'x', colour))).toBe(
      'Bad Request: invalid forum topic icon color specified',
    );
    telegram.setBotMembership({ can_manage_topics: false });
    expect(await words(api.createForumTopic(chat, 'x'))).toBe(
      'Bad Request: not enough rights to create a topic',
    );
  });
});

describe('General', () => {
  const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;

  test('closes, opens, hides and shows again, each once, with service messages', async () => {
    const { api, chat, telegram } = await startTelegram();
    await api.closeGeneralForumTopic(chat);
    expect(await words(api.closeGeneralForumTopic(chat))).toBe('Bad Request: TOPIC_NOT_MODIFIED');
    await api.sendMessage(chat, 'an administrator still may');
    telegram.setBotMembership({ can_manage_topics: false });
    expect(await words(api.sendMessage(chat, 'x'))).toBe('Bad Request: TOPIC_CLOSED');
    expect(await words(api.reopenGeneralForumTopic(chat))).toBe(
      'Bad Request: not enough rights to reopen the topic',
    );
    telegram.setBotMembership({ can_manage_topics: true });
    await api.reopenGeneralForumTopic(chat);
    await api.hideGeneralForumTopic(chat);
    expect(telegram.topic(1)).toMatchObject({ closed: true });
    expect(await words(api.hideGeneralForumTopic(chat))).toBe('Bad Request: TOPIC_NOT_MODIFIED');
    await api.unhideGeneralForumTopic(chat);
    expect(telegram.topic(1)).toMatchObject({ closed: true });
    await api.editGeneralForumTopic(chat, 'Lobby');
    const fields = [
      'forum_topic_closed',
      'forum_topic_reopened',
      'general_forum_topic_hidden',
      'general_forum_topic_unhidden',
      'forum_topic_edited',
    ];
    const messages = (await api.getUpdates()).flatMap(({ message }) => message ?? []);
    expect(messages).toHaveLength(fields.length);
    for (const [index, field] of fields.entries()) {
      expect(messages[index]).toHaveProperty(field);
      expect(messages[index]).not.toHaveProperty('message_thread_id');
    }
  });

  test('is shown again when it is opened; people can do all this too', async () => {
    const { telegram } = await startTelegram();
    const ada = telegram.operator({ name: 'Ada' });
    ada.hideGeneral();
    ada.reopenTopic(1);
    expect(() => ada.unhideGeneral()).toThrow('TOPIC_NOT_MODIFIED');
    ada.hideGeneral();
    ada.unhideGeneral();
    expect(telegram.messages(1).map(({ type }) => type)).toEqual([
      'general_hidden',
      'topic_reopened',
      'general_hidden',
      'general_unhidden',
    ]);
  });
});

describe('a topic that the bot cannot reach', () => {
  test('answers as if there were none, while people write in it and the bot hears them', async () => {
    const { api, chat, telegram } = await startTelegram();
    const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
    const { message_id } = await api.sendMessage(chat, 'reachable', { message_thread_id });
    const unblock = telegram.blockTopic(message_thread_id);
    for (const call of [
      () => api.sendMessage(chat, 'x', { message_thread_id }),
      () => api.sendMessage(chat, 'x', { reply_parameters: { message_id } }),
      () => api.sendChatAction(chat, 'typing', { message_thread_id }),
    ])
      expect((await refusalOf(call())).description).toBe('Bad Request: message thread not found');
    telegram.operator({ name: 'Ada' }).type(message_thread_id, 'can you hear me?');
    expect((await api.getUpdates()).at(-1)?.message).toMatchObject({
      text: 'can you hear me?',
      message_thread_id,
    });
    await api.editMessageText(chat, message_id, 'edits need no thread');
    unblock();
    await api.sendMessage(chat, 'back', { message_thread_id });
    expect(() => telegram.blockTopic(4711)).toThrow(RangeError);
  });
});

describe('a reply to a message of another topic', () => {
  test('is sent with an external reply, whether or not it may be sent without', async () => {
    const { api, chat } = await startTelegram();
    const one = await api.createForumTopic(chat, 'One');
    const two = await api.createForumTopic(chat, 'Two');
    const target = await api.sendMessage(chat, 'there', { message_thread_id: one.message_thread_id });
    for (const allow_sending_without_reply of [true, false]) {
      const sent = await api.sendMessage(chat, 'here', {
        message_thread_id: two.message_thread_id,
        reply_parameters: { message_id: target.message_id, allow_sending_without_reply },
      });
      expect(sent).not.toHaveProperty('reply_to_message');
      expect(sent).toMatchObject({
        message_thread_id: two.message_thread_id,
        external_reply: { message_id: target.message_id, chat: { id: Number(chat) } },
      });
    }
  });

  test('whose topic was deleted is sent without, or refused', async () => {
    const { api, chat, telegram } = await startTelegram();
    const one = await api.createForumTopic(chat, 'One');
    const two = await api.createForumTopic(chat, 'Two');
    const { message_id } = await api.sendMessage(chat, 'x', { message_thread_id: one.message_thread_id });
    telegram.deleteTopic(one.message_thread_id);
    const { message_thread_id } = two;
    const sent = await api.sendMessage(chat, 'here', {
      message_thread_id,
      reply_parameters: { message_id, allow_sending_without_reply: true },
    });
    expect(sent).not.toHaveProperty('external_reply');
    const refusal = await refusalOf(
      api.sendMessage(chat, 'here', { message_thread_id, reply_parameters: { message_id } }),
    );
    expect(refusal.description).toBe('Bad Request: message to be replied not found');
  });
});
