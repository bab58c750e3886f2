import type { Named } from './markup.js';
import { visibleText } from './markup.js';
import type { Block, StoredMessage } from './types.js';

/** Something in a message that is more than words. */
export interface SlackLive {
  /** `style` is formatting, a quotation or an emoji by its name. */
  readonly kind: 'mention' | 'link' | 'style';
  /** What people see of it. */
  readonly text: string;
  /** Where a link leads. */
  readonly address?: string;
}

/** What people read, and what in it is more than words. */
export interface SlackReading {
  readonly text: string;
  readonly live: readonly SlackLive[];
}

/**
 * A message as people read it, and its `text` as their notification shows it where blocks say what the message is.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export const readingsOf = (message: StoredMessage, named: Named): SlackReading[] => {
  const { text, blocks = [] } = message;
  if (blocks.length === 0) {
    const formatted = message.mrkdwn ?? true;
    return [markupReading(text, named, formatted, message.parse)];
  }
  return [
    { text: visibleText(message, named), live: blocks.flatMap((block) => liveIn(block, named)) },
    ...(text === '' ? [] : [markupReading(text, named, false, message.parse)]),
  ];
};

const markupReading = (
  markup: string,
  named: Named,
  formatted: boolean,
  parse: StoredMessage['parse'],
): SlackReading => {
  const sequences = [...markup.matchAll(/<([^<>]*)>/g)].map(([whole, inside = '']): SlackLive => {
    const shown = visibleText({ text: whole }, named);
    const [target = ''] = inside.split('|');
    return /^[@#!]/.test(target)
      ? { kind: 'mention', text: shown }
      : { kind: 'link', text: shown, address: visibleText({ text: target }, named) };
  });
  const words = visibleText({ text: markup.replace(/<[^<>]*>/g, ' ') }, named);
  const names = parse === undefined ? [] : matches('mention', words, NAMES);
  const unformatted = visibleText({ text: markup }, named);
  if (!formatted) return { text: unformatted, live: [...sequences, ...names] };
  const styles = STYLES.flatMap((pattern) => matches('style', words, pattern));
  const text = STYLES.reduce((left, pattern) => left.replace(pattern, '$1'), unformatted);
  return { text, live: [...sequences, ...names, ...styles] };
};

const matches = (kind: SlackLive['kind'], text: string, pattern: RegExp): SlackLive[] =>
  [...text.matchAll(pattern)].map(([whole]) => ({ kind, text: whole }));

/** What is found as if a person had typed it. @see https://docs.slack.dev/reference/methods/chat.postMessage#formatting */
const NAMES = /(?<![\w])[@#][\w.-]+/g;

/** @see https://docs.slack.dev/messaging/formatting-message-text#basic-formatting */
const STYLES: readonly RegExp[] = [
  /```([\s\S]+?)```/g,
  /`([^`\n]+)`/g,
  /(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)/g,
  /(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)/g,
  /(?<!\w)~(\S(?:[^~\n]*\S)?)~(?!\w)/g,
  /^> ?(.*)$/gm,
  /:[a-z0-9_+-]+:()/g,
];

const liveIn = (block: Block, named: Named): SlackLive[] => {
  switch (block.type) {
    case 'rich_text':
    case 'rich_text_list':
      return listed(block.elements).flatMap((element) => liveIn(element, named));
    case 'rich_text_quote':
    case 'rich_text_preformatted':
      return [
        {
          kind: 'style',
          text: visibleText({ text: '', blocks: [{ type: 'rich_text', elements: [block] }] }, named),
        },
        ...inlines(block, named),
      ];
    case 'rich_text_section':
      return inlines(block, named);
    case 'section':
      return [block.text, ...listed(block.fields)].flatMap((each) => objectLive(each, named));
    case 'context':
      return listed(block.elements).flatMap((each) => objectLive(each, named));
    default:
      return [];
  }
};

/** Where the markup of a text object is read, names and channels are looked for in it. @see https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const objectLive = (object: unknown, named: Named): readonly SlackLive[] => {
  const { type, text = '', verbatim, emoji } = (object ?? {}) as Record<string, string | undefined | boolean>;
  if (type === 'mrkdwn') {
    return markupReading(String(text), named, true, verbatim === true ? undefined : 'client').live;
  }
  return emoji === true ? matches('style', String(text), /:[a-z0-9_+-]+:/g) : [];
};

const inlines = ({ elements }: Block, named: Named): SlackLive[] =>
  listed(elements).flatMap((element) => {
    const text = visibleText(
      {
        text: '',
        blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] }],
      },
      named,
    );
    const styled: SlackLive[] = element.style === undefined ? [] : [{ kind: 'style', text }];
    switch (element.type) {
      case 'text':
        return styled;
      case 'link':
        return [...styled, { kind: 'link', text, address: String(element.url) }];
      case 'emoji':
        return [{ kind: 'style', text }];
      default:
        return [{ kind: 'mention', text }];
    }
  });

const listed = (value: unknown): Block[] => (Array.isArray(value) ? (value as Block[]) : []);
