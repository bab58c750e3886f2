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
