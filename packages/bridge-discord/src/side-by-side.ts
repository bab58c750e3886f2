import type { Marks } from './mark.js';
import type { Hearing } from './parse.js';

/**
 * Where conversations stand side by side, a reply says which one is meant: by the mark of the bot's post that it
 * answers, else the engine knows the message. What belongs to no conversation is the team's own talk.
 * @param botId the bot's own id, as far as it is known
 */
export const sideBySide = (chatId: string, marks: Marks, botId: () => string | undefined): Hearing => ({
  chatId,
  botId,
  threadOf: ({ referenced_message: post }) => {
    const id = botId();
    if (!post || id === undefined) return undefined;
    return marks.read({ authorId: post.author.id, content: post.content }, id);
  },
  concerns: () => true,
  isAside: true,
});
