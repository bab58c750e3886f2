import { el, icon, initial } from './dom.js';
import { menuButton, onHold } from './menu.js';
import { wordsOf } from './slack-blocks.js';
import { fileAt } from './slack-connection.js';
import { dayOf, isoOf, timeOf } from './time.js';

/**
 * @typedef {import('./slack-connection.js').SlackSeen & { unread?: number }} Shown
 * @typedef {import('./slack-connection.js').SlackPerson} SlackPerson
 * @typedef {object} RowActions
 * @property {(message: Shown, at: { x: number, y: number }) => void} menu
 * @property {(message: Shown) => void} open
 * @property {(message: Shown, name: string) => void} react
 * @property {(id: string) => string | undefined} name
 */

/**
 * A message as the channel and its threads show it.
 * @param {Shown} message
 * @param {string} me
 * @param {RowActions & { inThread: boolean }} options
 * @returns {HTMLElement}
 */
export function row(message, me, options) {
  const own = message.from.id === me;
  const seconds = Number(message.ts);
  const body = el(
    'div',
    { class: 'body' },
    el(
      'div',
      { class: 'by' },
      el('strong', { class: 'name' }, message.deleted ? 'Slackbot' : message.from.name),
      message.from.isBot && el('span', { class: 'app' }, 'APP'),
      el('time', { datetime: isoOf(seconds) }, timeOf(seconds)),
    ),
    ...contents(message, me, options),
  );
  const article = el(
    'article',
    {
      class: message.deleted ? 'message gone' : 'message',
      'data-testid': 'phone-message',
      'data-ts': message.ts,
      'data-own': String(own),
      'aria-label': `${own ? 'You' : message.from.name}, ${timeOf(seconds)}`,
    },
    portrait(message.from, message.deleted !== false),
    body,
  );
  if (!message.deleted) {
    onHold(body, (at) => options.menu(message, at));
    article.append(
      menuButton('more', ({ left, bottom }) => options.menu(message, { x: left - 160, y: bottom + 4 })),
    );
  }
  return article;
}

/** @param {number} seconds */
export const day = (seconds) => el('p', { class: 'day' }, el('span', {}, dayOf(seconds)));

/**
 * @param {Shown} message
 * @param {string} me
 * @param {RowActions & { inThread: boolean }} options
 */
function contents(message, me, options) {
  if (message.deleted) {
    return [
      el('p', { class: 'tombstone' }, 'This message was deleted.'),
      !options.inThread && summary(message, options),
    ];
  }
  const words = wordsOf(message, { user: options.name });
  return [
    message.markup + message.blocks.length !== '0' &&
      el(
        'div',
        { class: 'words', 'data-testid': 'phone-message-text' },
        ...words,
        message.edited && el('span', { class: 'edited', 'data-testid': 'phone-edited' }, '(edited)'),
      ),
    ...message.files.map(shared),
    message.reactions.length > 0 && reactions(message, me, options),
    !options.inThread && message.replies > 0 && summary(message, options),
  ];
}

/**
 * A picture as such, everything else by its name and size.
 * @param {Shown['files'][number]} file
 */
const shared = ({ id, name, size, type }) => {
  const src = fileAt(id);
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(type))
    return el(
      'a',
      { class: 'picture', href: src, target: '_blank', 'data-testid': 'phone-picture' },
      el('img', { src, alt: name, title: name }),
    );
  const link = { class: 'file', href: src, download: name, 'data-testid': 'phone-file' };
  return el('a', link, icon('file'), name, el('span', {}, `${Math.ceil(size / 1000)} KB`));
};

/**
 * @param {Shown} message
 * @param {string} me
 * @param {RowActions} actions
 */
const reactions = (message, me, actions) =>
  el(
    'div',
    { class: 'reactions' },
    ...message.reactions.map(({ name, emoji, users }) => {
      const button = el(
        'button',
        {
          type: 'button',
          'aria-pressed': String(users.includes(me)),
          'aria-label': `${name}, ${users.length}`,
          'data-testid': 'phone-reaction',
        },
        el('span', {}, emoji),
        String(users.length),
      );
      button.addEventListener('click', () => actions.react(message, name));
      return button;
    }),
  );

/**
 * How a message that began a thread leads there.
 * @param {Shown} message
 * @param {RowActions} actions
 */
function summary(message, actions) {
  const last = Number(message.latestReply ?? message.ts);
  const button = el(
    'button',
    { type: 'button', class: message.unread ? 'summary unread' : 'summary', 'data-testid': 'thread-open' },
    el('span', { class: 'faces' }, ...message.repliers.map((person) => portrait(person, false))),
    el('span', { class: 'count' }, message.replies === 1 ? '1 reply' : `${message.replies} replies`),
    message.unread
      ? el('span', { class: 'badge', 'data-testid': 'thread-unread' }, `${message.unread} new`)
      : el('span', { class: 'last' }, dayOf(last) === 'Today' ? timeOf(last) : dayOf(last)),
  );
  button.addEventListener('click', () => actions.open(message));
  return button;
}

/**
 * A square picture of somebody: an initial on that person's colour.
 * @param {SlackPerson} person
 * @param {boolean} gone
 */
export function portrait(person, gone) {
  const tile = el('span', { class: person.isBot ? 'portrait bot' : 'portrait', 'aria-hidden': 'true' });
  tile.textContent = gone ? '×' : initial(person.name);
  tile.dataset.tint = String([...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 7);
  return tile;
}
