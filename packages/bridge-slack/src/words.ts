import type { Part } from '@pocketping/core';
import { shortened, split } from '@pocketping/core/rendering';
import type { KnownBlock } from '@slack/web-api';
import { MESSAGE_LENGTH } from './limits.js';
import { escapeMarkup } from './markup.js';

/** An update cannot say that its text is not formatted, as a post can; blocks of plain text are not. */
export const withoutFormatting = (plain: string): KnownBlock[] =>
  split(plain, MESSAGE_LENGTH).map(({ start, end }) => ({
    type: 'section',
    text: { type: 'plain_text', text: plain.slice(start, end), emoji: false },
  }));

/** What a post says. */
export interface Words {
  readonly text: string;
  readonly blocks?: KnownBlock[];
}

/** Besides blocks, `text` is what notifications show. */
export const wordsOf = ({ markup, plain }: Part, plainly: boolean): Words =>
  plainly
    ? { text: escapeMarkup(plain) }
    : { text: escapeMarkup(shortened(plain, NOTIFICATION_LENGTH)), blocks: known(JSON.parse(markup)) };

const NOTIFICATION_LENGTH = 400;

export const known = (blocks: object[]): KnownBlock[] => blocks as KnownBlock[];
