import type { Random } from '../random.js';
import { type Json, JsonObject } from './json.js';
import type { Known } from './valid-values.js';

/** @see https://core.telegram.org/bots/api#setwebhook */
export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** What Telegram posts when somebody of the team writes or edits. @see https://core.telegram.org/bots/api#update */
export const validUpdate = ({ platform }: Known, random: Random): JsonObject => {
  const chat = object({ id: platform.chatId, type: 'supergroup', title: 'Team', is_forum: true });
  const topicId = random.pick([1, 424_242, ...platform.topicIds()]);
  const message = {
    message_id: random.between(1, 500_000),
    from: object({ id: random.between(1, 5), is_bot: random.chance(0.1), first_name: 'Ada' }),
    chat,
    date: Math.floor(Date.now() / 1000) - random.pick([0, 0, 100, 10_000_000]),
    message_thread_id: topicId,
    is_topic_message: true,
    ...random.pick(CONTENTS),
    ...(random.chance(0.3) && {
      reply_to_message: object({ message_id: topicId, chat, text: 'a question' }),
    }),
  };
  const edited = random.chance(0.3);
  return object({
    update_id: random.between(1, 1e9),
    [edited ? 'edited_message' : 'message']: object({
      ...message,
      ...(edited && { edit_date: message.date + 5 }),
    }),
  });
};

const object = (fields: Readonly<Record<string, Json>>): JsonObject => new JsonObject(Object.entries(fields));

const CONTENTS: readonly Readonly<Record<string, Json>>[] = [
  { text: 'an answer' },
  {
    text: 'a link',
    entities: [object({ type: 'text_link', offset: 2, length: 4, url: 'https://example.com' })],
  },
  { text: '/close', entities: [object({ type: 'bot_command', offset: 0, length: 6 })] },
  { text: '/delete', entities: [object({ type: 'bot_command', offset: 0, length: 7 })] },
  { photo: [object({ file_id: 'x', file_unique_id: 'y', width: 90, height: 67 })], caption: 'a photo' },
  { forum_topic_closed: object({}) },
];
