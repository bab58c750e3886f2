import type { SessionCard } from '@pocketping/core';
import { ownOf, threadTitle } from '@pocketping/core/rendering';
import { THREAD_NAME_LENGTH } from './limits.js';

/** A thread's title: who writes, and from which page. */
export const titleOf = (card: SessionCard, shown: { readonly showUrl: boolean }): string =>
  threadTitle(card, shown, THREAD_NAME_LENGTH);

/** The same colour for the same visitor, always. */
export const colorOf = (card: SessionCard): number => ownOf(card, COLORS);

/** Calm ones, which can be told apart on light and dark ground. */
const COLORS = [0x3498db, 0x1abc9c, 0x9b59b6, 0xe67e22, 0xe91e63, 0x2ecc71, 0xf1c40f] as const;
