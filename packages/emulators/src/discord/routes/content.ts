import { emptyMessage, invalidForm } from '../errors.js';
import type { StoredEmbed } from '../state.js';

/** Characters. @see https://discord.com/developers/docs/resources/message#create-message */
export const CONTENT_LENGTH = 2000;

/** @see https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const EMBEDS = { count: 10, title: 256, description: 4096, footer: 2048, total: 6000 } as const;

/** Flags that a bot may set. @see https://discord.com/developers/docs/resources/message#message-object-message-flags */
const SETTABLE = (1 << 2) | (1 << 12) | (1 << 13) | (1 << 15);

export interface Words {
  readonly content: string;
  readonly embeds: readonly StoredEmbed[];
  readonly flags: number;
  /** Who is mentioned by it, such as `@everyone`. */
  readonly mentions: readonly string[];
}

/** What a message says, as a request gives it. @param hasFiles it need not say anything @throws DiscordApiError 50006, 50035 */
export const wordsFrom = (
  body: Readonly<Record<string, unknown>>,
  before?: Omit<Words, 'mentions'>,
  hasFiles = false,
): Words => {
  const { content = before?.content ?? '', embeds = before?.embeds ?? [], flags = before?.flags ?? 0 } = body;
  if (content !== null && typeof content !== 'string') {
    throw invalidForm('content', 'BASE_TYPE_STRING', 'Could not interpret "content" as string.');
  }
  const text = (content ?? '').trim();
  if ([...text].length > CONTENT_LENGTH) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${CONTENT_LENGTH} or fewer in length.`);
  }
  const shown = embedsFrom(embeds ?? []);
  if (text === '' && shown.length === 0 && !hasFiles) throw emptyMessage();
  if (typeof flags !== 'number' || (flags & ~SETTABLE) !== 0) {
    throw invalidForm('flags', 'MESSAGE_FLAGS_INVALID', 'Invalid flags.');
  }
  return { content: text, embeds: shown, flags, mentions: mentionsIn(text, body.allowed_mentions) };
};

/**
 * Whom a text rings, whatever else its markup means: all that it names, unless the request says who may be.
 * @see https://discord.com/developers/docs/resources/message#allowed-mentions-object
 */
const mentionsIn = (content: string, allowed: unknown): string[] => {
  const {
    parse = [],
    users = [],
    roles = [],
  } = (allowed ?? { parse: ['everyone', 'users', 'roles'] }) as Allowed;
  return [...content.matchAll(/@(?:everyone|here)|<@!?(?<user>\d+)>|<@&(?<role>\d+)>/g)]
    .filter(({ groups: { user, role } = {} }) => {
      if (user !== undefined) return parse.includes('users') || users.includes(user);
      if (role !== undefined) return parse.includes('roles') || roles.includes(role);
      return parse.includes('everyone');
    })
    .map(([mention]) => mention);
};

interface Allowed {
  readonly parse?: readonly string[];
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
}

const embedsFrom = (embeds: unknown): StoredEmbed[] => {
  if (!Array.isArray(embeds)) throw invalidForm('embeds', 'LIST_TYPE_CONVERT', 'Only iterables may be used.');
  if (embeds.length > EMBEDS.count) {
    throw invalidForm('embeds', 'BASE_TYPE_MAX_LENGTH', `Must be ${EMBEDS.count} or fewer in length.`);
  }
  let total = 0;
  embeds.forEach((embed: StoredEmbed, at) => {
    const parts = [
      ['title', embed.title, EMBEDS.title],
      ['description', embed.description, EMBEDS.description],
      ['footer.text', embed.footer?.text, EMBEDS.footer],
    ] as const;
    for (const [name, text, limit] of parts) {
      const length = [...(text ?? '')].length;
      total += length;
      if (length > limit) {
        throw invalidForm(
          `embeds.${at}.${name}`,
          'BASE_TYPE_MAX_LENGTH',
          `Must be ${limit} or fewer in length.`,
        );
      }
    }
  });
  if (total > EMBEDS.total) {
    throw invalidForm(
      'embeds',
      'MAX_EMBED_SIZE_EXCEEDED',
      `Embed size exceeds maximum size of ${EMBEDS.total}`,
    );
  }
  return embeds as StoredEmbed[];
};
