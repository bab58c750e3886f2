import { derive } from './secrets.js';

/**
 * Says in a post itself whose conversation it belongs to, where several stand side by side in one channel. In markup it
 * is the link behind the sign that a post begins with; without markup, the last line. What a visitor writes can make
 * neither: it stands elsewhere and is escaped, and the seal needs the bot's token.
 */
export interface Mark {
  /** The address behind the first sign. It opens the server. */
  readonly link: string;
  /** The last line, with the line break before it. */
  readonly line: string;
}

/** A message that may be one of ours. */
export interface Post {
  readonly authorId: string;
  /** In Discord's markdown. */
  readonly content: string;
}

/** Makes and reads the marks of one bot. */
export class Marks {
  readonly #botToken: string;

  constructor(botToken: string) {
    this.#botToken = botToken;
  }

  of(sessionId: string): Mark {
    const word = this.#sealed(sessionId);
    return { link: `${ADDRESS}${encodeURIComponent(word)}`, line: `\n${ID_SIGN} ${word}` };
  }

  /**
   * The session that one of the bot's own posts belongs to; undefined for everything else.
   * @param botId the bot's own id
   */
  read({ authorId, content }: Post, botId: string): string | undefined {
    if (authorId !== botId) return undefined;
    const [, linked] = FIRST_SIGN.exec(content) ?? [];
    const word = linked === undefined ? LAST_LINE.exec(withoutEscapes(content))?.[1] : decode(linked);
    const sessionId = word?.slice(0, word.lastIndexOf(SEAL_SIGN));
    return sessionId && this.#sealed(sessionId) === word ? sessionId : undefined;
  }

  #sealed(sessionId: string): string {
    const seal = derive(this.#botToken, `session ${sessionId}`).slice(0, SEAL_LENGTH);
    return `${sessionId}${SEAL_SIGN}${seal}`;
  }
}

/** What a team member searches for to see all posts of a conversation. */
export const hashtagOf = (sessionId: string): string =>
  `#c${sessionId.replace(/[^a-z0-9]/gi, '').slice(-TAG_LENGTH)}`;

const SEAL_SIGN = '-';

/** Hexadecimal digits, of 4 bits each. Guessing costs posts that the team sees. */
const SEAL_LENGTH = 10;

const TAG_LENGTH = 5;

const ID_SIGN = '🆔';

const LAST_LINE = new RegExp(`\\n${ID_SIGN} (\\S+)$`, 'u');

const ADDRESS = 'https://discord.com/channels/@me?pocketping=';

const FIRST_SIGN = /^\[[^[\]\\]+\]\(<https:\/\/discord\.com\/channels\/@me\?pocketping=([^>]+)>\)/;

const withoutEscapes = (markdown: string): string => markdown.replace(/\\([^0-9A-Za-z\s])/g, '$1');

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
