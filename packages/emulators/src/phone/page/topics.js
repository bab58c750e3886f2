import { nameOf } from './attachment.js';
import { isService } from './bubble.js';
import { el, icon, paintTopicIcon, part } from './dom.js';
import { whenOf } from './time.js';

/** @typedef {import('./connection.js').ListedTopic} ListedTopic */

/**
 * Draws the list: what moved last comes first, General after the conversations while nobody wrote in it.
 * @param {ListedTopic[]} topics
 * @param {{ me: number, typing: (topicId: number) => string | undefined, open: (topicId: number) => void }} with_
 */
export function drawTopics(topics, { me, typing, open }) {
  const list = part('topics');
  const focused = document.activeElement?.closest('[data-topic]')?.getAttribute('data-topic');
  const sorted = [...topics].sort((left, right) => moved(right) - moved(left) || right.id - left.id);
  const rows = sorted.map((topic) => row(topic, me, typing(topic.id), open));
  // What stays where it is must not be touched: a click that is under way would be lost.
  if (rows.length !== list.children.length || rows.some((each, index) => each !== list.children[index])) {
    list.replaceChildren(...rows);
  }
  part('empty').hidden = topics.some((topic) => topic.id !== 1);
  if (focused)
    list.querySelector(`[data-topic="${Number(focused)}"] button`)?.dispatchEvent(new Event('refocus'));
}

/** @type {Map<number, { shown: string, node: HTMLElement }>} */
const drawn = new Map();

/**
 * The topic's row: the one that is there already if nothing in it has changed.
 * @param {ListedTopic} topic
 * @param {number} me
 * @param {string | undefined} typist
 * @param {(topicId: number) => void} open
 */
function row(topic, me, typist, open) {
  const shown = JSON.stringify([topic, me, typist, topic.lastMessage && whenOf(topic.lastMessage.date)]);
  const known = drawn.get(topic.id);
  if (known?.shown === shown) return known.node;
  const node = item(topic, me, typist, open);
  drawn.set(topic.id, { shown, node });
  return node;
}

/** @param {ListedTopic} topic */
export const moved = (topic) => topic.lastMessage?.id ?? (topic.id === 1 ? 0 : topic.id);

/**
 * @param {ListedTopic} topic
 * @param {number} me
 * @param {string | undefined} typist
 * @param {(topicId: number) => void} open
 */
function item(topic, me, typist, open) {
  const picture = el('span', { class: 'topic-icon', 'aria-hidden': 'true' });
  paintTopicIcon(picture, topic);
  const button = el(
    'button',
    { type: 'button' },
    picture,
    el(
      'span',
      { class: 'topic-line' },
      el('span', { class: 'topic-title', dir: 'auto' }, topic.title),
      topic.closed && el('span', { class: 'lock', role: 'img', 'aria-label': 'closed' }, icon('lock')),
      el('time', {}, topic.lastMessage ? whenOf(topic.lastMessage.date) : ''),
    ),
    el(
      'span',
      { class: 'topic-line' },
      typist
        ? el('span', { class: 'preview live' }, `${typist} is typing…`)
        : el('span', { class: 'preview', 'data-testid': 'topic-preview' }, ...preview(topic, me)),
      topic.unread > 0 &&
        el(
          'span',
          { class: 'badge', 'data-testid': 'topic-unread', 'aria-label': `${topic.unread} unread` },
          count(topic.unread),
        ),
    ),
  );
  button.addEventListener('click', () => open(topic.id));
  button.addEventListener('refocus', () => button.focus());
  return el('li', { 'data-testid': 'topic-item', 'data-topic': String(topic.id) }, button);
}

/**
 * @param {ListedTopic} topic
 * @param {number} me
 * @returns {(Node | string)[]}
 */
function preview(topic, me) {
  const { lastMessage: last } = topic;
  if (!last) return ['No messages yet'];
  if (isService(last)) return [last.text];
  const words = last.photo
    ? `🖼 ${last.text || 'Photo'}`
    : last.file
      ? `📎 ${last.text || nameOf(last.file)}`
      : last.text || (last.preview ?? '');
  return [
    el('b', {}, `${last.from.id === me ? 'You' : last.from.name}: `),
    words.replace(/\s+/g, ' ').slice(0, 200),
  ];
}

/** @param {number} unread */
export const count = (unread) => (unread > 99 ? '99+' : String(unread));
