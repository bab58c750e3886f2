import { SessionSeals, sealLine, wordInLastLine } from '@pocketping/core/bridging';

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
  readonly #seals: SessionSeals;

  constructor(botToken: string) {
    this.#seals = new SessionSeals(botToken);
  }

  of(sessionId: string): Mark {
    const word = this.#seals.seal(sessionId);
    return { link: `${ADDRESS}${encodeURIComponent(word)}`, line: sealLine(word) };
  }

  /**
   * The session that one of the bot's own posts belongs to; undefined for everything else.
   * @param botId the bot's own id
   */
  read({ authorId, content }: Post, botId: string): string | undefined {
    if (authorId !== botId) return undefined;
    const [, linked] = FIRST_SIGN.exec(content) ?? [];
    return this.#seals.read(linked === undefined ? wordInLastLine(withoutEscapes(content)) : decode(linked));
  }
}

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
