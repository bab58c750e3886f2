import { nameOf } from './attachment.js';
import { el, part } from './dom.js';

/**
 * @typedef {import('./connection.js').PhoneMessage} PhoneMessage
 * @typedef {import('./connection.js').BotCommand} BotCommand
 * @typedef {{ kind: 'reply' | 'edit', message: PhoneMessage }} About
 */

const text = /** @type {HTMLTextAreaElement} */ (part('text'));
const offers = part('commands');

/** @type {About | undefined} */
let about;
/** @type {readonly BotCommand[]} */
let commands = [];
/** @type {readonly BotCommand[]} */
let offered = [];
let chosen = 0;

/** Platforms show for longer than this that somebody types. */
const TYPING_MS = 5_000;

/**
 * @param {(words: string, about: About | undefined) => Promise<boolean>} send resolves with whether it went out
 * @param {() => void} typing told now and then while somebody types
 */
export function startComposer(send, typing) {
  let told = 0;
  const submit = async () => {
    const words = text.value.trim();
    if (words === '') return;
    const [written, meant] = [text.value, about];
    clearComposer();
    if (await send(words, meant)) return;
    about = meant;
    fill(written);
    showAbout();
  };
  part('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  text.addEventListener('input', () => {
    changed();
    if (text.value === '' || Date.now() - told < TYPING_MS) return;
    told = Date.now();
    typing();
  });
  text.addEventListener('keydown', (event) => {
    if (event.isComposing || keyInOffers(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && about) {
      event.stopPropagation();
      clearComposer();
    }
  });
  part('context-cancel').addEventListener('click', () => {
    clearComposer();
    text.focus();
  });
  changed();
}

/** @param {readonly BotCommand[]} list */
export function offerCommands(list) {
  commands = list;
  changed();
}

/** @param {PhoneMessage} message */
export function replyTo(message) {
  if (about?.kind === 'edit') fill('');
  about = { kind: 'reply', message };
  showAbout();
  text.focus();
}

/** @param {PhoneMessage} message */
export function editMessage(message) {
  about = { kind: 'edit', message };
  fill(message.text);
  showAbout();
  text.focus();
}

/** The message a reply or an edit was about may go away under it. @param {number} messageId */
export function forget(messageId) {
  if (about?.message.id === messageId) clearComposer();
}

export function clearComposer() {
  about = undefined;
  fill('');
  showAbout();
}

export const focusComposer = () => text.focus({ preventScroll: true });

/** @param {string} words */
function fill(words) {
  text.value = words;
  changed();
}

function showAbout() {
  part('context').hidden = about === undefined;
  if (!about) return;
  const { kind, message } = about;
  part('context-icon').setAttribute('href', `#icon-${kind}`);
  part('context-title').textContent = kind === 'edit' ? 'Edit message' : `Reply to ${message.from.name}`;
  part('context-text').textContent = message.text || (message.file ? nameOf(message.file) : 'Photo');
}

function changed() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, 118)}px`;
  part('composer').classList.toggle('ready', text.value.trim() !== '');
  const typed = /^\/([a-z0-9_]*)$/i.exec(text.value)?.[1];
  offered =
    typed === undefined ? [] : commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
  chosen = 0;
  drawOffers();
}

function drawOffers() {
  offers.hidden = offered.length === 0;
  text.setAttribute('aria-activedescendant', offers.hidden ? '' : `command-${chosen}`);
  offers.replaceChildren(...offered.map(offer));
  offers.children[chosen]?.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {BotCommand} command
 * @param {number} index
 */
function offer({ command, description }, index) {
  const option = el(
    'div',
    {
      id: `command-${index}`,
      role: 'option',
      'aria-selected': String(index === chosen),
      'data-testid': 'phone-command',
    },
    el('b', {}, `/${command}`),
    el('span', {}, description),
  );
  option.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    take(index);
  });
  return option;
}

/** @param {number} index */
function take(index) {
  const command = offered[index]?.command;
  if (command !== undefined) fill(`/${command} `);
}

/**
 * Arrows choose among the offers, Tab and Enter take one; a command typed in full is sent by Enter.
 * @param {KeyboardEvent} event
 */
function keyInOffers(event) {
  if (offered.length === 0) return false;
  const whole = offered.length === 1 && text.value === `/${offered[0]?.command}`;
  if (event.key === 'ArrowDown') chosen = (chosen + 1) % offered.length;
  else if (event.key === 'ArrowUp') chosen = (chosen + offered.length - 1) % offered.length;
  else if (event.key === 'Escape') offered = [];
  else if (event.key === 'Tab' || (event.key === 'Enter' && !whole)) take(chosen);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  drawOffers();
  return true;
}
