import type { FormattedText } from './entities.js';
import {
  type Content,
  GENERAL,
  type MediaContent,
  type Place,
  type ServiceContent,
  type StoredMessage,
} from './state.js';

/** The text of a message or the caption of a file; undefined for what tells of an event. */
export const wordsOf = (content: Content): FormattedText | undefined =>
  isService(content) ? undefined : content;

/** Whether it tells of an event instead of being said by somebody. */
export const isService = (content: Content): content is ServiceContent => !('text' in content);

/** Whether it is a file. */
export const isMedia = (content: Content): content is MediaContent =>
  !isService(content) && content.type !== 'text';

/** The topic in which a message stands. A chat without topics shows everything in one place. */
export const shownIn = ({ chat }: Place, message: StoredMessage): number =>
  chat.isForum ? message.topicId : GENERAL;
