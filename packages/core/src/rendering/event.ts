import type { EventNote } from '../ports/index.js';
import { NAME_LENGTH, NOTHING_VISIBLE } from './speech.js';
import { shortened } from './split.js';
import { isBlank, oneLine } from './text.js';

/** Characters of an event's data that are shown: an event is one post on every platform. */
const JSON_LENGTH = 1000;

/** What the event is called: one line, never empty. */
export const eventName = ({ name }: EventNote): string => {
  const line = shortened(oneLine(name), NAME_LENGTH);
  return isBlank(line) ? NOTHING_VISIBLE : line;
};

/** How often it happened, e.g. ` ×12`; empty for once. */
export const eventCount = ({ count = 1 }: EventNote): string => (count > 1 ? ` ×${count}` : '');

/** Its data as JSON on several lines; undefined where there are none. */
export const eventJson = ({ data }: EventNote): string | undefined =>
  data === undefined ? undefined : shortened(JSON.stringify(data, undefined, 2), JSON_LENGTH);
