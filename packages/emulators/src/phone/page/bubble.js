import { attachment, shared } from './attachment.js';
import { avatar, el, icon, tint } from './dom.js';
import { menuButton, onHold } from './menu.js';
import { richText } from './rich-text.js';
import { isoOf, timeOf } from './time.js';
import { platform } from './vocabulary.js';

/** @typedef {import('./connection.js').PhoneMessage} PhoneMessage */

/**
 * @typedef {object} BubbleActions
 * @property {(message: PhoneMessage, at: { x: number, y: number }) => void} menu
 * @property {(messageId: number) => void} jump
 */

/** Everybody's messages stand on the left, with their picture and name. */
const onOneSide = platform === 'discord';

/** @param {PhoneMessage} message */
export const isService = (message) => message.type !== 'text' && !message.photo && !message.file;

/**
 * A message as the conversation shows it.
 * @param {PhoneMessage} message
 * @param {boolean} own
 * @param {BubbleActions} actions
 * @returns {HTMLElement}
 */
export function bubble(message, own, actions) {
  if (isService(message)) return announcement(message);
  const body = el('div', { class: 'bubble' }, ...contents(message, own, actions));
  const row = el(
    'article',
    {
      class: own ? 'message own' : 'message',
      'data-testid': 'phone-message',
      'data-id': String(message.id),
      'data-own': String(own),
      'aria-label': `${own ? 'You' : message.from.name}, ${timeOf(message.date)}`,
    },
    (!own || onOneSide) && avatar(message.from),
    body,
  );
  onHold(body, (at) => actions.menu(message, at));
  return row;
}

/** @param {PhoneMessage} message */
const announcement = (message) =>
  el(
    'p',
    { class: 'service', 'data-testid': 'phone-service', 'data-id': String(message.id) },
    el('span', {}, message.text),
  );

/**
 * @param {PhoneMessage} message
 * @param {boolean} own
 * @param {BubbleActions} actions
 */
function contents(message, own, actions) {
  const name = el('strong', { class: 'name', 'data-tint': tint(message.from.id) }, message.from.name);
  const words =
    message.text !== '' &&
    el(
      'div',
      { class: 'words', 'data-testid': 'phone-message-text' },
      ...richText(message.text, message.entities),
    );
  return [
    (!own || onOneSide) && name,
    onOneSide && message.from.isBot && el('span', { class: 'tag' }, 'APP'),
    message.replyTo && quote(message.replyTo, actions),
    message.file
      ? attachment(message.file)
      : message.photo && el('div', { class: 'photo', role: 'img', 'aria-label': 'Photo' }),
    words,
    ...(message.files ?? []).map(shared),
    ...(message.embeds ?? []).map(embed),
    message.reactions.length > 0 && reactions(message),
    meta(message, own),
    menuButton('down', ({ left, bottom }) => actions.menu(message, { x: left, y: bottom + 4 })),
  ];
}

/**
 * @param {NonNullable<PhoneMessage['replyTo']>} target
 * @param {BubbleActions} actions
 */
function quote(target, actions) {
  const button = el(
    'button',
    {
      type: 'button',
      class: 'quote',
      'data-testid': 'phone-quote',
      // Voice control goes by visible words: they are the button's name, and what it does is its description.
      'aria-description': 'Goes to the message that this one answers',
    },
    el('strong', {}, target.from),
    el('span', {}, target.text),
  );
  button.addEventListener('click', () => actions.jump(target.id));
  return button;
}

/** @param {NonNullable<PhoneMessage['embeds']>[number]} card */
function embed(card) {
  const box = el(
    'div',
    { class: 'embed', 'data-testid': 'phone-embed' },
    el('div', { class: 'words' }, ...richText(card.text, card.entities)),
    card.footer !== undefined && el('span', { class: 'embed-footer' }, card.footer),
  );
  box.style.setProperty('--colour', card.color);
  return box;
}

/** @param {PhoneMessage} message */
const reactions = (message) =>
  el('div', { class: 'reactions' }, ...message.reactions.map((emoji) => el('span', {}, emoji)));

/**
 * @param {PhoneMessage} message
 * @param {boolean} own
 */
const meta = (message, own) =>
  el(
    'span',
    { class: 'meta' },
    message.edited && el('i', { 'data-testid': 'phone-edited' }, 'edited'),
    el('time', { datetime: isoOf(message.date) }, timeOf(message.date)),
    own && icon('sent'),
  );
