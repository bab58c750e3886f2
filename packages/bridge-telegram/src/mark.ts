import { SessionSeals, sealLine, wordInLastLine } from '@pocketping/core/bridging';
import type { Message, MessageEntity } from 'grammy/types';

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
  readonly #seals: SessionSeals;
  readonly #botId: number;

  constructor({ botToken, botId }: { readonly botToken: string; readonly botId: number }) {
    this.#seals = new SessionSeals(botToken);
    this.#botId = botId;
  }

  /** @param username the bot's, as far as it is known: without it the link leads nowhere, but says the same */
  of(sessionId: string, username: string | undefined): Mark {
    const word = this.#seals.seal(sessionId);
    return {
      link: `https://t.me/${username ?? ''}?start=${encodeURIComponent(word)}`,
      line: sealLine(word),
    };
  }

  /** The session that one of the bot's own posts belongs to; undefined for everything else. */
  read(post: Message): string | undefined {
    if (post.from?.id !== this.#botId) return undefined;
    const linked = (post.entities ?? post.caption_entities)?.find(isFirstSign);
    return this.#seals.read(
      linked ? startParameter(linked.url) : wordInLastLine(post.text ?? post.caption ?? ''),
    );
  }
}

const isFirstSign = (entity: MessageEntity): entity is MessageEntity.TextLinkMessageEntity =>
  entity.type === 'text_link' && entity.offset === 0;

const startParameter = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined;
  return new URL(url).searchParams.get('start') ?? undefined;
};
