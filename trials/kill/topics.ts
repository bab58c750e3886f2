import type { PhoneMessage, TelegramEmulator } from '@pocketping/emulators';

/** What the bot posted into a topic, oldest first. */
export const postsIn = (telegram: TelegramEmulator, topicId: number): PhoneMessage[] =>
  telegram.messages(topicId).filter(({ from, type }) => from.isBot && type === 'text');

/** The topic whose first post tells of this session; undefined while there is none. */
export const cardTopic = (telegram: TelegramEmulator, sessionId: string): number | undefined =>
  telegram.topics().find(({ id }) => postsIn(telegram, id).some(({ text }) => text.includes(sessionId)))?.id;

/** The newest message of the whole group, whoever's it is; 0 when there is none. */
export const newestPost = (telegram: TelegramEmulator): number =>
  Math.max(0, ...telegram.topics().flatMap(({ id }) => telegram.messages(id).map((message) => message.id)));
