import { SlackApiError } from './errors.js';
import type { Block } from './types.js';

/** Blocks in a message. @see https://docs.slack.dev/reference/block-kit/blocks */
const BLOCKS = 50;

/** Characters of all blocks together; not documented. @see https://github.com/slackapi/bolt-js/issues/2509 */
const ALL_CHARACTERS = 13_000;

/**
 * Checks blocks as the platform does.
 * @throws SlackApiError `invalid_blocks`, `invalid_blocks_format` or `msg_blocks_too_long`
 */
export function checkedBlocks(value: unknown): Block[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new SlackApiError('invalid_blocks_format');
  if (value.length > BLOCKS) throw invalid(`no more than ${BLOCKS} items allowed`, '/blocks');
  for (const [at, block] of value.entries()) checkBlock(block, `/blocks/${at}`);
  if (charactersIn(value) > ALL_CHARACTERS) throw new SlackApiError('msg_blocks_too_long');
  return value as Block[];
}

const invalid = (why: string, where: string): SlackApiError =>
  new SlackApiError('invalid_blocks', {
    errors: [`${why} [json-pointer:${where}]`],
    response_metadata: { messages: [`[ERROR] ${why} [json-pointer:${where}]`] },
  });

function checkBlock(block: unknown, where: string): void {
  const { type, text, fields, elements } = (block ?? {}) as Record<string, unknown>;
  switch (type) {
    case 'section':
      if (text === undefined && fields === undefined) throw invalid('missing required field: text', where);
      if (text !== undefined) checkText(text, 3000, `${where}/text`);
      for (const field of listed(fields ?? [], 10, `${where}/fields`))
        checkText(field, 2000, `${where}/fields`);
      return;
    case 'header':
      checkText(text, 150, `${where}/text`, ['plain_text']);
      return;
    case 'context':
      for (const element of listed(elements, 10, `${where}/elements`, 1))
        checkText(element, 2000, `${where}/elements`);
      return;
    case 'divider':
      return;
    case 'rich_text':
      for (const element of listed(elements, 100, `${where}/elements`, 1))
        checkRich(element, `${where}/elements`);
      return;
    default:
      throw invalid(`unsupported type: ${String(type)}`, `${where}/type`);
  }
}

/** @see https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
function checkText(object: unknown, max: number, where: string, kinds = ['plain_text', 'mrkdwn']): void {
  const { type, text } = (object ?? {}) as Record<string, unknown>;
  if (!kinds.includes(String(type))) throw invalid(`must be one of: ${kinds.join(', ')}`, `${where}/type`);
  if (typeof text !== 'string' || text.length === 0)
    throw invalid('must be more than 0 characters', `${where}/text`);
  if (text.length > max) throw invalid(`must be less than ${max + 1} characters`, `${where}/text`);
}

/** @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
function checkRich(element: unknown, where: string): void {
  const { type, elements } = (element ?? {}) as Record<string, unknown>;
  switch (type) {
    case 'rich_text_list':
      for (const each of listed(elements, 100, where, 1)) checkRich(each, where);
      return;
    case 'rich_text_section':
    case 'rich_text_quote':
    case 'rich_text_preformatted':
      for (const each of listed(elements, 1000, where)) checkInline(each, where);
      return;
    default:
      throw invalid(`unsupported type: ${String(type)}`, `${where}/type`);
  }
}

function checkInline(element: unknown, where: string): void {
  const { type, text, url, name, user_id, channel_id, range } = (element ?? {}) as Record<string, unknown>;
  const needed: Readonly<Record<string, unknown>> = {
    text,
    link: url,
    emoji: name,
    user: user_id,
    channel: channel_id,
    broadcast: range,
  };
  if (typeof type !== 'string' || !Object.hasOwn(needed, type)) {
    throw invalid(`unsupported type: ${String(type)}`, `${where}/type`);
  }
  const value = needed[type];
  if (typeof value !== 'string' || value.length === 0) throw invalid('must be more than 0 characters', where);
  if (type === 'link' && !/^(?:https?:\/\/|mailto:)\S+$/i.test(value)) throw invalid('invalid url', where);
}

function listed(value: unknown, most: number, where: string, least = 0): unknown[] {
  if (!Array.isArray(value)) throw invalid('must be an array', where);
  if (value.length < least) throw invalid(`no fewer than ${least} items allowed`, where);
  if (value.length > most) throw invalid(`no more than ${most} items allowed`, where);
  return value;
}

const charactersIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + charactersIn(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, each]) =>
      sum + (typeof each === 'string' ? (key === 'text' ? each.length : 0) : charactersIn(each)),
    0,
  );
};
