import type { SessionCard } from '@pocketping/core';
import { ownOf, threadTitle } from '@pocketping/core/rendering';
import { TOPIC_ICON_COLORS, TOPIC_NAME_LENGTH } from './limits.js';

/** A topic's title: who writes, and from which page. */
export const titleOf = (card: SessionCard, shown: { readonly showUrl: boolean }): string =>
  threadTitle(card, shown, TOPIC_NAME_LENGTH);

/** The same colour for the same visitor, always. */
export const iconColorOf = (card: SessionCard): (typeof TOPIC_ICON_COLORS)[number] =>
  ownOf(card, TOPIC_ICON_COLORS);
