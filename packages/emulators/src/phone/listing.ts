import { offeredCommands } from '../telegram/methods/commands.js';
import type { Room } from '../telegram/room.js';
import {
  type ListedTopic,
  listedTopic,
  type PhoneMessage,
  person,
  phoneMessage,
} from '../telegram/snapshot.js';
import { toChat } from '../telegram/wire.js';

/** The list of topics, General included, as one person sees it; General alone in a chat without topics. */
export const topicsFor = (room: Room, userId: number): ListedTopic[] =>
  [...room.chat.topics.keys()]
    .flatMap((id) => room.topic(id) ?? [])
    .map((topic) => listedTopic(room, topic, userId));

export const messagesOf = (room: Room, topicId: number): PhoneMessage[] =>
  room.messagesOf(topicId).map((message) => phoneMessage(room, message));

/** What a phone needs to begin with. */
export const helloFor = (room: Room, userId: number) => ({
  chat: toChat(room),
  me: person(room.state, userId),
  bot: person(room.state, room.bot.id),
  topics: topicsFor(room, userId),
  commands: offeredCommands(room),
});
