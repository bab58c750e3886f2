import type { Forum } from '../telegram/forum.js';
import { offeredCommands } from '../telegram/methods/commands.js';
import {
  type ListedTopic,
  listedTopic,
  type PhoneMessage,
  person,
  phoneMessage,
} from '../telegram/snapshot.js';

/** The list of topics, General included, as one person sees it. */
export const topicsFor = (forum: Forum, userId: number): ListedTopic[] =>
  [...forum.state.topics.values()]
    .filter((topic) => !topic.deleted)
    .map((topic) => listedTopic(forum.state, topic, userId));

export const messagesOf = (forum: Forum, topicId: number): PhoneMessage[] =>
  forum.messagesOf(topicId).map((message) => phoneMessage(forum.state, message));

/** What a phone needs to begin with. */
export const helloFor = (forum: Forum, userId: number) => ({
  chat: forum.state.chat,
  me: person(forum.state, userId),
  bot: person(forum.state, forum.bot.id),
  topics: topicsFor(forum, userId),
  commands: offeredCommands(forum.state),
});
