import type { Block, StoredMessage } from './types.js';

/** The three characters that mean something. @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Says what a control sequence such as `<@U1>` shows. */
export interface Named {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** What a person reads of a message, without its formatting. */
export const visibleText = (message: Pick<StoredMessage, 'text' | 'blocks'>, named: Named): string =>
  message.blocks && message.blocks.length > 0
    ? message.blocks.map((block) => blockText(block, named)).join('\n')
    : mrkdwnText(message.text, named);

/** Markup of one line: `<@U1>`, `<#C1|general>`, `<!here>`, `<https://a.example|words>`; everything else is words. */
const mrkdwnText = (text: string, named: Named): string =>
  unescaped(text.replace(/<([^<>]*)>/g, (_, inside: string) => escaped(controlText(inside, named))));

const controlText = (inside: string, named: Named): string => {
  const [target = '', label] = inside.split('|');
  if (target.startsWith('@')) return `@${named.user(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${named.channel(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('!')) return label === undefined ? `@${target.slice(1)}` : unescaped(label);
  return unescaped(label ?? target.replace(/^mailto:/, ''));
};

const blockText = (block: Block, named: Named): string => {
  switch (block.type) {
    case 'rich_text':
      return list(block.elements)
        .map((element) => richText(element, named))
        .join('\n');
    case 'section':
      return [block.text, ...list(block.fields)]
        .filter(Boolean)
        .map((each) => objectText(each, named))
        .join('\n');
    case 'header':
      return objectText(block.text, named);
    case 'context':
      return list(block.elements)
        .map((each) => objectText(each, named))
        .join(' ');
    default:
      return '';
  }
};

const objectText = (object: unknown, named: Named): string => {
  const { type, text } = object as { type?: string; text?: string };
  return type === 'mrkdwn' ? mrkdwnText(text ?? '', named) : (text ?? '');
};

const richText = (element: Block, named: Named): string => {
  switch (element.type) {
    case 'rich_text_section':
    case 'rich_text_quote':
    case 'rich_text_preformatted':
      return list(element.elements)
        .map((each) => inline(each, named))
        .join('');
    case 'rich_text_list':
      return list(element.elements)
        .map((each) => `• ${richText(each, named)}`)
        .join('\n');
    default:
      return '';
  }
};

const inline = (element: Block, named: Named): string => {
  const text = (key: string) => String(element[key] ?? '');
  switch (element.type) {
    case 'text':
      return text('text');
    case 'link':
      return text('text') || text('url');
    case 'user':
      return `@${named.user(text('user_id')) ?? text('user_id')}`;
    case 'channel':
      return `#${named.channel(text('channel_id')) ?? text('channel_id')}`;
    case 'broadcast':
      return `@${text('range')}`;
    case 'emoji':
      return emojiText(text('unicode')) || `:${text('name')}:`;
    default:
      return '';
  }
};

/** `1f44b-1f3fd` → 👋🏽 */
const emojiText = (unicode: string): string =>
  unicode === '' ? '' : String.fromCodePoint(...unicode.split('-').map((code) => Number.parseInt(code, 16)));

const list = (value: unknown): Block[] => (Array.isArray(value) ? (value as Block[]) : []);
