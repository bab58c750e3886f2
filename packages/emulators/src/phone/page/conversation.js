import { bubble, isService } from './bubble.js';
import { el, part } from './dom.js';
import { dayOf } from './time.js';
import { count } from './topics.js';

/**
 * @typedef {import('./connection.js').PhoneMessage} PhoneMessage
 * @typedef {import('./bubble.js').BubbleActions} BubbleActions
 */

/** Messages of one person within this many seconds stand together. */
const GROUP_SECONDS = 600;

const log = part('messages');
const toEnd = part('to-end');
const below = part('below');

/** @type {Map<number, { message: PhoneMessage, row: HTMLElement }>} */
const shown = new Map();
let me = 0;
let unseen = 0;

/**
 * Shows a conversation from its end.
 * @param {PhoneMessage[]} messages
 * @param {number} owner
 * @param {Omit<BubbleActions, 'jump'>} actions
 */
export function drawConversation(messages, owner, actions) {
  me = owner;
  shown.clear();
  for (const message of messages) keep(message, actions);
  arrange();
  goToEnd();
}

/**
 * A message came, changed or went.
 * @param {PhoneMessage} message
 * @param {Omit<BubbleActions, 'jump'>} actions
 */
export function updateConversation(message, actions) {
  const atEnd = nearEnd();
  const fresh = !shown.has(message.id);
  if (message.deleted) shown.delete(message.id);
  else keep(message, actions, fresh);
  arrange();
  if (atEnd || (fresh && message.from.id === me)) goToEnd();
  else if (fresh && !message.deleted) unseen += 1;
  drawToEnd();
}

export function goToEnd() {
  log.scrollTop = log.scrollHeight;
  unseen = 0;
  drawToEnd();
}

log.addEventListener('scroll', () => {
  if (nearEnd()) unseen = 0;
  drawToEnd();
});
toEnd.addEventListener('click', goToEnd);
// The keyboard of a phone, a growing composer or a turned screen must not hide the end.
new ResizeObserver(() => {
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}).observe(log);

let wasAtEnd = true;
const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

function drawToEnd() {
  wasAtEnd = nearEnd();
  toEnd.hidden = wasAtEnd;
  below.hidden = unseen === 0;
  below.textContent = count(unseen);
}

/**
 * @param {PhoneMessage} message
 * @param {Omit<BubbleActions, 'jump'>} actions
 * @param {boolean} [fresh]
 */
function keep(message, actions, fresh = false) {
  const row = bubble(message, message.from.id === me, { ...actions, jump });
  if (fresh) row.classList.add('fresh');
  shown.get(message.id)?.row.replaceWith(row);
  shown.set(message.id, { message, row });
}

/** Puts rows in order, days between them, and joins what one person wrote in a row. */
function arrange() {
  const entries = [...shown.values()].sort((left, right) => left.message.id - right.message.id);
  /** @type {HTMLElement[]} */
  const rows = [];
  let day = '';
  entries.forEach(({ message, row }, index) => {
    if (dayOf(message.date) !== day) {
      day = dayOf(message.date);
      rows.push(el('p', { class: 'service day' }, el('span', {}, day)));
    }
    row.classList.toggle('first', !joined(entries[index - 1]?.message, message));
    row.classList.toggle('last', !joined(message, entries[index + 1]?.message));
    rows.push(row);
  });
  reconcile(rows);
}

/**
 * Moves only what is not in place, so that nothing that stays loses focus, selection or its animation.
 * @param {HTMLElement[]} rows
 */
function reconcile(rows) {
  const wanted = new Set(rows);
  for (const child of [...log.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  rows.forEach((row, index) => {
    if (log.children[index] !== row) log.insertBefore(row, log.children[index] ?? null);
  });
}

/**
 * @param {PhoneMessage | undefined} earlier
 * @param {PhoneMessage | undefined} later
 */
const joined = (earlier, later) =>
  earlier !== undefined &&
  later !== undefined &&
  !isService(earlier) &&
  !isService(later) &&
  earlier.from.id === later.from.id &&
  later.date - earlier.date < GROUP_SECONDS &&
  dayOf(earlier.date) === dayOf(later.date);

/** @param {number} messageId */
function jump(messageId) {
  const row = shown.get(messageId)?.row;
  if (!row) return;
  row.scrollIntoView({ block: 'center', behavior: 'smooth' });
  row.classList.remove('found');
  requestAnimationFrame(() => row.classList.add('found'));
}
