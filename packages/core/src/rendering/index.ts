/** What every bridge does with the texts of strangers before its platform's own rules come in. */
export { type Penmanship, type Shown, type VisitorCard, visitorCard } from './card.js';
export { balanced } from './directions.js';
export { eventCount, eventJson, eventName } from './event.js';
export { fileSize } from './file-size.js';
export { between, type TextRun, textOf } from './runs.js';
export { actorName, ICONS, iconOf, messagesIn, NAME_LENGTH, NOTHING_VISIBLE } from './speech.js';
export { beginning, type Range, shortened, split } from './split.js';
export { isBlank, oneLine, readable } from './text.js';
export { describeUserAgent } from './user-agent.js';
export { pageOf, visitorName } from './visitor.js';
