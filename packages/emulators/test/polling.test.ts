import { expect, test } from 'vitest';
import { refusalOf, startBot, startTelegram } from './telegram.js';

test('a bot hears what people write, and what they edit', async () => {
  const { telegram, api, chat } = await startTelegram();
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Visitor');
  const bot = startBot(telegram);
  const heard: string[] = [];
  const edited = new Promise<void>((resolve) => {
    bot.on('message:text', async (context) => {
      heard.push(
        `${context.from.first_name} in ${context.message.message_thread_id}: ${context.message.text}`,
      );
      await context.api.sendMessage(context.chat.id, 'got it', { message_thread_id: topic });
    });
    bot.on('edited_message:text', (context) => {
      heard.push(`edited: ${context.editedMessage.text}`);
      resolve();
    });
  });
  void bot.start();
  const ada = telegram.operator({ name: 'Ada', username: 'ada' });
  const { id } = ada.type(topic, 'hello there');
  await telegram.waitForMessage((message) => message.text === 'got it');
  ada.edit(id, 'hello you');
  await edited;
  expect(heard).toEqual([`Ada in ${topic}: hello there`, 'edited: hello you']);
});

test('service messages come even if the bot caused them, its own messages and deletions do not', async () => {
  const { telegram, api, chat } = await startTelegram();
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Visitor');
  await api.sendMessage(chat, 'mine', { message_thread_id: topic });
  await api.editForumTopic(chat, topic, { name: 'Vera' });
  await api.closeForumTopic(chat, topic);
  const ada = telegram.operator({ name: 'Ada' });
  ada.reopenTopic(topic);
  ada.delete(ada.type(topic, 'never mind').id);
  ada.deleteTopic(topic);
  const updates = await api.getUpdates();
  const told = [
    'forum_topic_created',
    'forum_topic_edited',
    'forum_topic_closed',
    'forum_topic_reopened',
    'text',
  ];
  expect(updates).toHaveLength(told.length);
  for (const [index, field] of told.entries()) expect(updates[index]?.message).toHaveProperty(field);
  expect(updates[0]?.message).toMatchObject({
    from: { is_bot: true },
    message_id: topic,
    is_topic_message: true,
  });
  expect(updates[1]?.message?.forum_topic_edited).toEqual({ name: 'Vera' });
});

test('commands are marked in what people write', async () => {
  const { telegram, api } = await startTelegram();
  telegram.operator({ name: 'Ada' }).typeInGeneral('/status now');
  const [update] = await api.getUpdates();
  expect(update?.message?.entities).toEqual([{ type: 'bot_command', offset: 0, length: 7 }]);
});

test('what a person writes in a topic appears to reply to the topic’s beginning, as on the platform', async () => {
  const { telegram, api, chat } = await startTelegram();
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Visitor');
  const bots = await api.sendMessage(chat, 'question', { message_thread_id: topic });
  const ada = telegram.operator({ name: 'Ada' });
  ada.type(topic, 'plain');
  ada.type(topic, 'answer', { replyTo: bots.message_id });
  ada.typeInGeneral('elsewhere', { replyTo: ada.typeInGeneral('root').id });
  const [, plain, answer, root, elsewhere] = await api.getUpdates();
  expect(plain?.message?.reply_to_message).toMatchObject({
    message_id: topic,
    forum_topic_created: { name: 'Visitor' },
  });
  expect(answer?.message?.reply_to_message).toMatchObject({ message_id: bots.message_id, text: 'question' });
  expect(root?.message).not.toHaveProperty('message_thread_id');
  expect(elsewhere?.message?.message_thread_id).toBe(root?.message?.message_id);
  expect(elsewhere?.message).not.toHaveProperty('is_topic_message');
});

test('an update is forgotten once a higher offset is asked for, and not before', async () => {
  const { telegram, api } = await startTelegram();
  const ada = telegram.operator({ name: 'Ada' });
  for (const text of ['one', 'two', 'three']) ada.typeInGeneral(text);
  const texts = async (query: Parameters<typeof api.getUpdates>[0]) =>
    (await api.getUpdates(query)).map((update) => update.message?.text);
  const [first] = await api.getUpdates();
  expect(await texts({ limit: 2 })).toEqual(['one', 'two']);
  expect(await texts({ offset: first!.update_id })).toEqual(['one', 'two', 'three']);
  expect(await texts({ offset: first!.update_id + 1 })).toEqual(['two', 'three']);
  expect(await texts({ offset: 0 })).toEqual(['two', 'three']);
  expect(await texts({ offset: -1 })).toEqual(['three']);
  expect(await texts({})).toEqual(['three']);
  expect((await api.getWebhookInfo()).pending_update_count).toBe(1);
  await api.deleteWebhook({ drop_pending_updates: true });
  expect(await texts({})).toEqual([]);
});

test('a poll waits for what comes', async () => {
  const { telegram, api } = await startTelegram();
  const polled = api.getUpdates({ timeout: 30 });
  await telegram.waitForCall((call) => call.method === 'getUpdates');
  telegram.operator({ name: 'Ada' }).typeInGeneral('now');
  expect((await polled).map((update) => update.message?.text)).toEqual(['now']);
});

test('the older of two pollers is terminated', async () => {
  const { telegram, api } = await startTelegram();
  const older = refusalOf(api.getUpdates({ timeout: 30 }));
  await telegram.waitForCall((call) => call.method === 'getUpdates');
  const newer = api.getUpdates({ timeout: 30 });
  const refusal = await older;
  expect([refusal.error_code, refusal.description]).toEqual([
    409,
    'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  ]);
  telegram.operator({ name: 'Ada' }).typeInGeneral('for the newer');
  expect(await newer).toHaveLength(1);
});

test('only the types asked for are kept, also by later polls', async () => {
  const { telegram, api } = await startTelegram();
  await api.getUpdates({ allowed_updates: ['edited_message'] });
  const ada = telegram.operator({ name: 'Ada' });
  ada.edit(ada.typeInGeneral('before').id, 'after');
  const updates = await api.getUpdates();
  expect(updates.map((update) => update.edited_message?.text)).toEqual(['after']);
});

test('updates are not kept for more than a day', async () => {
  let now = Date.UTC(2025, 0, 1);
  const { telegram, api } = await startTelegram({ clock: { now: () => now } });
  telegram.operator({ name: 'Ada' }).typeInGeneral('yesterday');
  now += 25 * 3600 * 1000;
  expect(await api.getUpdates()).toEqual([]);
});

test('a replay delivers a confirmed update again', async () => {
  const { telegram, api } = await startTelegram();
  telegram.operator({ name: 'Ada' }).typeInGeneral('once');
  const [update] = await api.getUpdates();
  const after = { offset: update!.update_id + 1 };
  expect(await api.getUpdates(after)).toEqual([]);
  telegram.replay(update!.update_id);
  expect(await api.getUpdates(after)).toEqual([update]);
  expect(await api.getUpdates(after)).toEqual([]);
  expect(() => telegram.replay(1)).toThrow(RangeError);
});

test('an update comes twice or thrice, each time after it was confirmed', async () => {
  const { telegram, api } = await startTelegram();
  const ada = telegram.operator({ name: 'Ada' });
  telegram.deliverTimes(2);
  const withdraw = telegram.deliverTimes(3, 5);
  ada.say('twice');
  ada.say('thrice');
  withdraw();
  ada.say('once');
  const heard: (string | undefined)[] = [];
  for (let offset = 0, polls = 0; polls < 6; polls++) {
    const updates = await api.getUpdates({ offset });
    heard.push(...updates.map(({ message }) => message?.text));
    offset = Math.max(offset, ...updates.map(({ update_id }) => update_id + 1));
  }
  const times = (text: string) => heard.filter((one) => one === text).length;
  expect([times('twice'), times('thrice'), times('once')]).toEqual([2, 3, 1]);
});

test('updates come out of order, under numbers that a poll can confirm', async () => {
  const { telegram, api } = await startTelegram();
  const ada = telegram.operator({ name: 'Ada' });
  telegram.reorder(3);
  ada.say('a');
  ada.say('b');
  expect(await api.getUpdates()).toEqual([]);
  ada.say('c');
  ada.say('d');
  const updates = await api.getUpdates();
  expect(updates.map(({ message }) => message?.text)).toEqual(['c', 'b', 'a', 'd']);
  const ids = updates.map(({ update_id }) => update_id);
  expect(ids).toEqual([...ids].sort((left, right) => left - right));
});

test('disorder by seed is the same each time, and lets go what it holds', async () => {
  const order = async (seed: number) => {
    const { telegram, api } = await startTelegram();
    telegram.reorder(8, { seed });
    for (const text of 'abcdefgh') telegram.operator({ name: 'Ada' }).say(text);
    return (await api.getUpdates()).map(({ message }) => message?.text).join('');
  };
  expect(await order(3)).toBe(await order(3));
  expect([...(await order(3))].sort().join('')).toBe('abcdefgh');
  expect(new Set([await order(3), await order(4), 'abcdefgh']).size).toBe(3);
  const { telegram, api } = await startTelegram();
  const release = telegram.reorder(3);
  for (const text of 'ab') telegram.operator({ name: 'Ada' }).say(text);
  release();
  expect((await api.getUpdates()).map(({ message }) => message?.text)).toEqual(['a', 'b']);
});

test('an edit comes before its original, and nothing else waits for it', async () => {
  const { telegram, api } = await startTelegram();
  const ada = telegram.operator({ name: 'Ada' });
  telegram.editFirst();
  const { id } = ada.say('typo');
  ada.edit(ada.say('meanwhile').id, 'meanwhile!');
  ada.edit(id, 'mended');
  const updates = await api.getUpdates();
  expect(updates.map((update) => update.message?.text ?? update.edited_message?.text)).toEqual([
    'meanwhile',
    'meanwhile!',
    'mended',
    'typo',
  ]);
});
