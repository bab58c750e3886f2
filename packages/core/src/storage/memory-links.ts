import type { MessageLink } from '../model/index.js';
import type { LinkKey } from '../ports/storage.js';
import { joined, placed } from './memory-keys.js';

/** Which of our messages stand in which of the platforms' messages, and the other way round. */
export class MemoryLinks {
  /** By bridge, chat and platform message. */
  readonly #ofPost = new Map<string, readonly MessageLink[]>();
  /** By bridge and message of ours. */
  readonly #ofMessage = new Map<string, readonly MessageLink[]>();

  /** By part. */
  ofPost({ bridge, chatId, platformId }: LinkKey): readonly MessageLink[] {
    return this.#ofPost.get(placed(bridge, chatId, platformId)) ?? [];
  }

  /** By part. */
  ofMessage(bridge: string, messageId: string): readonly MessageLink[] {
    return this.#ofMessage.get(joined(bridge, messageId)) ?? [];
  }

  /** Adds a link, or replaces the one with its key. */
  put(link: MessageLink): void {
    const post = placed(link.bridge, link.chatId, link.platformId);
    this.#ofPost.set(post, withLink(this.#ofPost.get(post), link));
    if (link.messageId === '') return;
    const message = joined(link.bridge, link.messageId);
    this.#ofMessage.set(message, withLink(this.#ofMessage.get(message), link));
  }

  /** Removes all links of a platform's message. */
  remove({ bridge, chatId, platformId }: LinkKey): void {
    const key = placed(bridge, chatId, platformId);
    const links = this.#ofPost.get(key);
    if (!links) return;
    this.#ofPost.delete(key);
    for (const link of links) {
      const message = joined(link.bridge, link.messageId);
      const left = this.#ofMessage.get(message)?.filter((other) => other !== link) ?? [];
      if (left.length > 0) this.#ofMessage.set(message, left);
      else this.#ofMessage.delete(message);
    }
  }
}

const withLink = (links: readonly MessageLink[] | undefined, link: MessageLink): MessageLink[] => {
  if (!links) return [link];
  const others = links.filter(
    (other) =>
      other.platformId !== link.platformId ||
      other.chatId !== link.chatId ||
      other.messageId !== link.messageId ||
      other.part !== link.part,
  );
  others.push(link);
  return others.sort(byPart);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byPart = (a: MessageLink, b: MessageLink): number =>
  a.part - b.part ||
  compare(a.messageId, b.messageId) ||
  compare(a.chatId, b.chatId) ||
  compare(a.platformId, b.platformId);
