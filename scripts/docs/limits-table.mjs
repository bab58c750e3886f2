/** What a reader of docs/production.md meets of the limits, with how it is written. */
const ROWS = [
  ['A visitor’s message', 'contentLength', 'characters'],
  ['A message that your code sends', 'siteContentLength', 'characters'],
  ['One file, unless you say otherwise', 'attachmentBytes', 'bytes'],
  ['Files of one message', 'attachments', ''],
  ['A request’s body, files apart', 'bodyBytes', 'bytes'],
  ['A custom event’s data, as JSON', 'eventBytes', 'bytes'],
  ['A custom event’s name', 'eventNameLength', 'characters'],
  ['For how long an emitted event may wait for its visitor', 'eventTtlSeconds', 'seconds'],
  ['An identity’s name, e-mail, phone or id', 'identityLength', 'characters'],
  ['Entries in an identity’s metadata', 'identityEntries', ''],
  ['Messages in one page of the history', 'pageSize', ''],
];

/** @param {Readonly<Record<string, number>>} limits `LIMITS` of the protocol @returns {string} */
export const limitsTable = (limits) =>
  [
    '| | at most |',
    '| --- | --- |',
    ...ROWS.map(([what, key, unit]) => `| ${what} | ${written(limits[key], unit)} |`),
  ].join('\n');

const written = (value, unit) => {
  if (!Number.isFinite(value)) throw new Error('There is no such limit any more');
  if (unit === 'bytes' && value % 1024 ** 2 === 0) return `${value / 1024 ** 2} MiB`;
  if (unit === 'bytes' && value % 1024 === 0) return `${value / 1024} KiB`;
  if (unit === 'seconds' && value % 86_400 === 0) return `${value / 86_400} days`;
  return `${value.toLocaleString('en')} ${unit}`.trim();
};
