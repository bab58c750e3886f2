import { isSameSecret } from '../access/same-secret.js';
import { derivedFrom } from './secrets.js';

/**
 * Ids of sessions, sealed, so that a post in a chat can say whose conversation it belongs to without anybody else being able
 * to say that: where several conversations stand side by side, a bridge reads from the post that a reply answers for whom it
 * is meant. The seal alone does not tell who wrote it down: a bridge reads it in its own posts only, and where nothing of a
 * visitor's can stand.
 */
export class SessionSeals {
  readonly #secret: string;

  /** @param secret what only this bridge has, e.g. the bot's token */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The session's id with its seal. Without blanks where the id has none, so that it may stand in a link or a line. */
  seal(sessionId: string): string {
    const seal = derivedFrom(this.#secret, `session ${sessionId}`).slice(0, SEAL_LENGTH);
    return `${sessionId}${SEAL_SIGN}${seal}`;
  }

  /** The session whose sealed id this is; undefined for everything else. */
  read(word: string | undefined): string | undefined {
    const sessionId = word?.slice(0, word.lastIndexOf(SEAL_SIGN));
    return word !== undefined && sessionId && isSameSecret(word, this.seal(sessionId))
      ? sessionId
      : undefined;
  }
}

/** A sealed id as the last line of a post, for posts without markup: with the line break before it. */
export const sealLine = (word: string): string => `\n${ID_SIGN} ${word}`;

/** The word in such a line, whether it is a sealed id or not. */
export const wordInLastLine = (text: string): string | undefined => LAST_LINE.exec(text)?.[1];

const SEAL_SIGN = '-';

/** Hexadecimal digits, of 4 bits each. Guessing costs posts that the team sees. */
const SEAL_LENGTH = 10;

const ID_SIGN = '🆔';

const LAST_LINE = new RegExp(`\\n${ID_SIGN} (\\S+)$`, 'u');
