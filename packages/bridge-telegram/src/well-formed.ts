import type { Message, Update } from 'grammy/types';

/** An update that can be told from others; undefined for what is none. @see https://core.telegram.org/bots/api#update */
export const updateFrom = (value: unknown): Update | undefined =>
  typeof value === 'object' && value !== null && 'update_id' in value && Number.isSafeInteger(value.update_id)
    ? (value as Update)
    : undefined;

/** Versions are made of dates, and have to stay exact. */
const LAST_DATE = 2 ** 33 - 1;

/**
 * Holds a message to the types of what is kept of it: a number that is not exact would name another message.
 * @throws Error saying what it lacks
 * @see https://core.telegram.org/bots/api#message
 */
export const requireWellFormed = (message: Message): void => {
  const { message_id, date, edit_date = date, chat, from, sender_chat, text, caption } = message;
  const { is_topic_message, message_thread_id } = message;
  demand(Number.isSafeInteger(message_id), 'message_id');
  demand(isDate(date) && isDate(edit_date), 'date');
  demand(Number.isSafeInteger(chat.id), 'chat');
  demand(from === undefined || Number.isSafeInteger(from?.id), 'from');
  demand(sender_chat === undefined || Number.isSafeInteger(sender_chat?.id), 'sender_chat');
  demand(isText(text) && isText(caption), 'text');
  demand(!is_topic_message || Number.isSafeInteger(message_thread_id), 'message_thread_id');
};

const isDate = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_DATE;

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const demand = (holds: boolean, field: string): void => {
  if (!holds) throw new Error(`The message has no ${field} that could be understood.`);
};
