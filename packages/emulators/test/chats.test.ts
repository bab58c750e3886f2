import { describe, expect, test } from 'vitest';
import { refusalOf, startBot, startTelegram } from './telegram.js';

describe('chats besides the forum', () => {
  test('have ids and descriptions in the platform’s form', async () => {
    const { telegram, api, chat } = await startTelegram();
    const ada = telegram.operator({ name: 'Ada', username: 'ada' });
    const group = telegram.addChat({ type: 'group', title: 'Small team' });
    const supergroup = telegram.addChat({ type: 'supergroup', title: 'Big team' });
    const forum = telegram.addChat({ type: 'supergroup', forum: true, title: 'Topics' });
    const own = telegram.addChat({ type: 'private', person: { name: 'Ada' } });
    expect(Number(group)).toBeGreaterThan(-1_000_000_000_000);
    expect(Number(group)).toBeLessThan(0);
    expect(supergroup).toMatch(/^-100\d{10}$/);
    expect(own).toBe(String(ada.user.id));
    expect(await api.getChat(group)).toMatchObject({ id: Number(group), type: 'group', title: 'Small team' });
    expect(await api.getChat(group)).not.toHaveProperty('is_forum');
    expect(await api.getChat(supergroup)).not.toHaveProperty('is_forum');
    expect(await api.getChat(forum)).toMatchObject({ type: 'supergroup', is_forum: true });
    expect(await api.getChat(own)).toMatchObject({ type: 'private', first_name: 'Ada', username: 'ada' });
    expect(await api.getChat(own)).not.toHaveProperty('title');
    telegram.setForum(chat, false);
    expect(await api.getChat(chat)).not.toHaveProperty('is_forum');
  });

  test('take an id of their own type only, and the same one twice is the same chat', async () => {
    const { telegram } = await startTelegram();
    expect(telegram.addChat({ type: 'group', id: -42 })).toBe('-42');
    expect(telegram.addChat({ type: 'group', id: '-42', title: 'again' })).toBe('-42');
    expect(telegram.addChat({ type: 'private', id: 7, person: { name: 'Bea' } })).toBe('7');
    expect(telegram.operator({ name: 'Bea' }).user.id).toBe(7);
    expect(() => telegram.addChat({ type: 'supergroup', id: -43 })).toThrow('no id of a supergroup');
    expect(() => telegram.addChat({ type: 'group', id: 44 })).toThrow('no id of a group');
    expect(() => telegram.addChat({ type: 'private', id: -45 })).toThrow('no id of a private');
    expect(() => telegram.addChat({ type: 'private', id: 46, person: { name: 'Bea' } })).toThrow(
      'has the id 7',
    );
    expect(() => telegram.addChat({ type: 'group', forum: true })).toThrow('only a supergroup');
    expect(() => telegram.chat(-99)).toThrow(RangeError);
  });

  test('hold conversations of their own, with ids of their own', async () => {
    const { telegram, api, chat } = await startTelegram();
    const group = telegram.addChat({ type: 'supergroup' });
    const bot = startBot(telegram);
    bot.on('message:text', async (context) => {
      await context.reply(`heard ${context.message.text}`, {
        reply_parameters: { message_id: context.message.message_id },
      });
    });
    void bot.start();
    const ada = telegram.operator({ name: 'Ada' });
    const question = ada.in(group).say('/ask');
    const answer = await telegram.chat(group).waitForMessage((message) => message.text === 'heard /ask');
    expect(answer).toMatchObject({ id: question.id + 1, replyTo: { id: question.id, from: 'Ada' } });
    const elsewhere = ada.say('in the forum');
    expect(elsewhere.id).toBe(question.id + 1);
    expect(
      telegram
        .chat(group)
        .messages()
        .map(({ text }) => text),
    ).toEqual(['/ask', 'heard /ask']);
    expect(telegram.messages(1)[0]?.text).toBe('in the forum');
    expect(telegram.chat(chat).message(elsewhere.id)?.text).toBe('in the forum');
    expect(telegram.chat(group).message(elsewhere.id)?.text).toBe('heard /ask');
    await api.editMessageText(group, answer.id, 'changed');
    expect(telegram.chat(group).message(answer.id)?.text).toBe('changed');
    await api.deleteMessage(group, answer.id);
    expect(telegram.chat(group).messages()).toHaveLength(1);
  });

  test('without topics have no methods for topics, and no threads but those of replies', async () => {
    const { telegram, api } = await startTelegram();
    for (const type of ['group', 'supergroup', 'private'] as const) {
      const chat = telegram.addChat({ type, bot: 'administrator' });
      const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;
      expect(await words(api.createForumTopic(chat, 'x'))).toBe('Bad Request: the chat is not a forum');
      expect(await words(api.sendMessage(chat, 'x', { message_thread_id: 5 }))).toBe(
        'Bad Request: message thread not found',
      );
    }
    const alex = telegram.operator({ name: 'Alex' });
    const group = telegram.addChat({ type: 'group', bot: 'administrator' });
    alex.in(group).say('answer', { replyTo: alex.in(group).say('root').id });
    const [, answer] = await api.getUpdates();
    expect(answer?.message?.reply_to_message).toMatchObject({ text: 'root' });
    expect(answer?.message).not.toHaveProperty('message_thread_id');
    expect(() => alex.in(group).createTopic('x')).toThrow('has no topics');
  });

  test('a forum whose topics were switched off is one flat chat, until they are switched on again', async () => {
    const { telegram, api, chat } = await startTelegram();
    const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
    const { message_id } = await api.sendMessage(chat, 'in the topic', { message_thread_id });
    telegram.setForum(chat, false);
    expect(telegram.topics()).toEqual([]);
    expect(telegram.messages(1).map(({ text }) => text)).toContain('in the topic');
    expect((await refusalOf(api.sendMessage(chat, 'x', { message_thread_id }))).description).toBe(
      'Bad Request: message thread not found',
    );
    const reply = await api.sendMessage(chat, 'flat', { reply_parameters: { message_id } });
    expect(reply.reply_to_message).toMatchObject({ message_id });
    expect(reply).not.toHaveProperty('is_topic_message');
    telegram.setForum(chat, true);
    await api.sendMessage(chat, 'back', { message_thread_id });
    expect(telegram.messages(message_thread_id).at(-1)?.text).toBe('back');
    expect(() => telegram.setForum(telegram.addChat({ type: 'group' }), true)).toThrow('cannot have topics');
  });
});

describe('privacy mode', () => {
  const said = async (telegram: Awaited<ReturnType<typeof startTelegram>>) =>
    (await telegram.api.getUpdates()).map(({ message }) => message?.text);

  test('lets a member hear only commands, replies to it, mentions of it and service messages', async () => {
    const it = await startTelegram();
    const { telegram, api } = it;
    expect((await api.getMe()).can_read_all_group_messages).toBe(false);
    const group = telegram.addChat({ type: 'group' });
    const { message_id } = await api.sendMessage(group, 'question');
    const ada = telegram.operator({ name: 'Ada' }).in(group);
    const plain = ada.say('not for the bot');
    ada.say('/status');
    ada.say('/status@pocketping_bot now');
    ada.say('/status@other_bot');
    ada.say('answer', { replyTo: message_id });
    ada.say('answer to Ada', { replyTo: plain.id });
    ada.say('look, @PocketPing_bot');
    ada.edit(plain.id, 'still not');
    ada.leave();
    const updates = await api.getUpdates();
    expect(updates.map(({ message }) => message?.text)).toEqual([
      '/status',
      '/status@pocketping_bot now',
      'answer',
      'look, @PocketPing_bot',
      undefined,
    ]);
    expect(updates.at(-1)?.message?.left_chat_member).toMatchObject({ first_name: 'Ada' });
  });

  test('does not concern administrators, private chats, or a bot that has it off', async () => {
    const it = await startTelegram();
    const { telegram, api } = it;
    const ada = telegram.operator({ name: 'Ada' });
    ada.in(telegram.addChat({ type: 'group', bot: 'administrator' })).say('one');
    ada.in(telegram.addChat({ type: 'private', person: { name: 'Ada' } })).say('two');
    const group = telegram.addChat({ type: 'supergroup' });
    ada.in(group).say('unheard');
    telegram.setPrivacy(false);
    ada.in(group).say('three');
    expect(await said(it)).toEqual(['one', 'two', 'three']);
    expect((await api.getMe()).can_read_all_group_messages).toBe(true);
    const open = await startTelegram({ privacy: false });
    open.telegram
      .operator({ name: 'Ada' })
      .in(open.telegram.addChat({ type: 'group' }))
      .say('heard');
    expect(await said(open)).toEqual(['heard']);
  });
});

describe('the bot’s coming and going', () => {
  test.each([
    ['group', 'Forbidden: bot was kicked from the group chat'],
    ['supergroup', 'Forbidden: bot was kicked from the supergroup chat'],
    ['private', 'Forbidden: bot was blocked by the user'],
  ] as const)('removed from a %s it cannot write and hears nothing until it is back', async (type, why) => {
    const { telegram, api } = await startTelegram({ privacy: false });
    const chat = telegram.addChat({ type, person: { name: 'Ada' } });
    const ada = telegram.operator({ name: 'Ada' }).in(chat);
    ada.removeBot();
    ada.say('behind its back');
    const refusal = await refusalOf(api.sendMessage(chat, 'x'));
    expect([refusal.error_code, refusal.description]).toEqual([403, why]);
    ada.addBot();
    ada.say('welcome');
    await api.sendMessage(chat, 'thanks');
    const updates = await api.getUpdates();
    expect(updates.map((update) => update.my_chat_member?.new_chat_member.status)).toEqual(
      type === 'private' ? ['kicked', 'member', undefined] : ['kicked', 'member', undefined, undefined],
    );
    if (type !== 'private')
      expect(updates[2]?.message?.new_chat_members).toMatchObject([{ username: 'pocketping_bot' }]);
    expect(updates.at(-1)?.message?.text).toBe('welcome');
  });

  test('it may leave, and what it may do is known where it is an administrator', async () => {
    const { telegram, api } = await startTelegram();
    const group = telegram.addChat({ type: 'group', bot: 'administrator' });
    telegram.operator({ name: 'Ada' }).in(group);
    const me = await api.getMe();
    expect(await api.getChatMember(group, me.id)).toMatchObject({ status: 'administrator' });
    expect(await api.getChatMember(group, me.id)).not.toHaveProperty('can_manage_topics');
    telegram.setBotMembership({ status: 'member' }, group);
    expect(await api.getChatMember(group, me.id)).toEqual({ user: expect.anything(), status: 'member' });
    expect(await api.getChatAdministrators(group)).toMatchObject([{ status: 'creator' }]);
    await api.leaveChat(group);
    expect((await refusalOf(api.sendMessage(group, 'x'))).description).toBe(
      'Forbidden: bot is not a member of the group chat',
    );
    const own = telegram.addChat({ type: 'private', person: { name: 'Ada' } });
    expect((await refusalOf(api.getChatAdministrators(own))).description).toBe(
      'Bad Request: there are no administrators in the private chat',
    );
  });

  test('only the right lets it delete what others wrote, or what is old', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { telegram, api } = await startTelegram({ clock: { now: () => now } });
    const group = telegram.addChat({ type: 'group' });
    const ada = telegram.operator({ name: 'Ada' }).in(group);
    const words = async (call: Promise<unknown>) => (await refusalOf(call)).description;
    expect(await words(api.deleteMessage(group, ada.say('mine').id))).toBe(
      "Bad Request: message can't be deleted",
    );
    const { message_id } = await api.sendMessage(group, 'own');
    now += 49 * 3_600_000;
    expect(await words(api.deleteMessage(group, message_id))).toBe(
      "Bad Request: message can't be deleted for everyone",
    );
    telegram.setBotMembership({ status: 'administrator' }, group);
    expect(await api.deleteMessage(group, message_id)).toBe(true);
  });
});

describe('a basic group that becomes a supergroup', () => {
  test('tells where it went, in both chats and to every call', async () => {
    const { telegram, api } = await startTelegram();
    const group = telegram.addChat({ type: 'group', title: 'Team', bot: 'administrator' });
    const ada = telegram.operator({ name: 'Ada' });
    const { message_id } = await api.sendMessage(group, 'before');
    ada.in(group).say('hello');
    const supergroup = telegram.migrate(group);
    expect(supergroup).toMatch(/^-100/);
    const updates = await api.getUpdates();
    expect(updates.slice(-2)).toMatchObject([
      { message: { chat: { id: Number(group), type: 'group' }, migrate_to_chat_id: Number(supergroup) } },
      {
        message: {
          message_id: 1,
          chat: { id: Number(supergroup), type: 'supergroup', title: 'Team' },
          migrate_from_chat_id: Number(group),
        },
      },
    ]);
    const me = await api.getMe();
    for (const call of [
      () => api.sendMessage(group, 'x'),
      () => api.editMessageText(group, message_id, 'x'),
      () => api.deleteMessage(group, message_id),
      () => api.sendChatAction(group, 'typing'),
      () => api.getChatMember(group, me.id),
      () => api.getChatAdministrators(group),
    ]) {
      const { error_code, description, parameters } = await refusalOf(call());
      expect([error_code, description, parameters]).toEqual([
        400,
        'Bad Request: group chat was upgraded to a supergroup chat',
        { migrate_to_chat_id: Number(supergroup) },
      ]);
    }
    expect(await api.getChat(group)).toMatchObject({ type: 'group', title: 'Team' });
    expect(await api.sendMessage(supergroup, 'after')).toMatchObject({ message_id: 2 });
    expect(await api.getChatMember(supergroup, me.id)).toMatchObject({ status: 'administrator' });
    expect(ada.in(supergroup).say('here now').id).toBe(3);
    expect(() => ada.in(group).say('too late')).toThrow('has become');
    expect(() => telegram.migrate(group)).toThrow('already');
    expect(() => telegram.migrate(supergroup)).toThrow('cannot become');
  });
});
