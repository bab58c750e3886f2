/** What every bridge does with the texts of strangers before its platform's own rules come in. */
export { type Shown, type VisitorCard, visitorCard } from './card.js';
export { balanced } from './directions.js';
export { eventCount, eventJson, eventName } from './event.js';
export { fileSize } from './file-size.js';
export { type NoteWords, noteWords, sessionLine, type Told } from './notes.js';
export type { Look, Penmanship, Privately } from './penmanship.js';
export { between, lines, type Run, type TextRun, textOf } from './runs.js';
export {
  actorName,
  ICONS,
  iconOf,
  isVisitors,
  messagesIn,
  NAME_LENGTH,
  NOTHING_VISIBLE,
  QUOTE_LENGTH,
  type Speech,
  signOf,
} from './speech.js';
export { beginning, type Range, shortened, split } from './split.js';
export { isBlank, oneLine, readable } from './text.js';
export { hashtagOf, ownOf, threadTitle } from './title.js';
export { describeUserAgent } from './user-agent.js';
export { pageOf, visitorName } from './visitor.js';
