import type { Message, MessageEntity } from 'grammy/types';
import { derive } from './secrets.js';

/**
 * Says in a post itself whose conversation it belongs to, where several stand side by side in one chat. In markup it is
 * the link behind the sign that a post begins with; without markup, the last line. What a visitor writes can make
 * neither: it stands elsewhere, links in it are not Telegram's `text_link`, and the seal needs the bot's token.
 */
export interface Mark {
  /** The address behind the first sign. It opens the chat with the bot. */
  readonly link: string;
  /** The last line, with the line break before it. */
  readonly line: string;
}

/** Makes and reads the marks of one bot. */
export class Marks {
  readonly #botToken: string;
  readonly #botId: number;

  constructor({ botToken, botId }: { readonly botToken: string; readonly botId: number }) {
    this.#botToken = botToken;
    this.#botId = botId;
  }

  /** @param username the bot's, as far as it is known: without it the link leads nowhere, but says the same */
  of(sessionId: string, username: string | undefined): Mark {
    const word = this.#sealed(sessionId);
    return {
      link: `https://t.me/${username ?? ''}?start=${encodeURIComponent(word)}`,
      line: `\n${ID_SIGN} ${word}`,
    };
  }

  /** The session that one of the bot's own posts belongs to; undefined for everything else. */
  read(post: Message): string | undefined {
    if (post.from?.id !== this.#botId) return undefined;
    const linked = (post.entities ?? post.caption_entities)?.find(isFirstSign);
    const word = linked ? startParameter(linked.url) : LAST_LINE.exec(post.text ?? post.caption ?? '')?.[1];
    const sessionId = word?.slice(0, word.lastIndexOf(SEAL_SIGN));
    return sessionId && this.#sealed(sessionId) === word ? sessionId : undefined;
  }

  #sealed(sessionId: string): string {
    const seal = derive(this.#botToken, `session ${sessionId}`).slice(0, SEAL_LENGTH);
    return `${sessionId}${SEAL_SIGN}${seal}`;
  }
}

/** What a team member taps to see all posts of a conversation. @see https://telegram.org/blog/edit#hashtags */
export const hashtagOf = (sessionId: string): string =>
  `#c${sessionId.replace(/[^a-z0-9]/gi, '').slice(-TAG_LENGTH)}`;

const SEAL_SIGN = '-';

/** Hexadecimal digits, of 4 bits each. Guessing costs posts that the team sees. */
const SEAL_LENGTH = 10;

const TAG_LENGTH = 5;

const ID_SIGN = '🆔';

const LAST_LINE = new RegExp(`\\n${ID_SIGN} (\\S+)$`, 'u');

const isFirstSign = (entity: MessageEntity): entity is MessageEntity.TextLinkMessageEntity =>
  entity.type === 'text_link' && entity.offset === 0;

const startParameter = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined;
  return new URL(url).searchParams.get('start') ?? undefined;
};
