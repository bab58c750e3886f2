import type { Strings } from '../strings.js';

const DAY_MS = 86_400_000;

/** "14:05", in the visitor's own manner. */
export const timeOfDay = (at: Date): string => at.toLocaleTimeString([], { timeStyle: 'short' });

/** "Today", "Yesterday", "Monday, 5 January 2026". */
export function dayName(at: Date, strings: Strings, now = new Date()): string {
  if (at.toDateString() === now.toDateString()) return strings.today;
  if (at.toDateString() === new Date(now.getTime() - DAY_MS).toDateString()) return strings.yesterday;
  return at.toLocaleDateString([], { dateStyle: 'full' });
}
