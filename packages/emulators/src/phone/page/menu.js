import { el, icon, part } from './dom.js';

/** @typedef {{ name: string, label: string, icon: string, danger?: boolean, run: () => void }} MenuItem */

/** @type {(() => void) | undefined} */
let dismiss;

/**
 * A message's button that opens its menu, for those who neither press long nor click with the right button.
 * @param {string} drawing
 * @param {(corner: { left: number, bottom: number }) => void} open told where the button is
 */
export function menuButton(drawing, open) {
  const button = el(
    'button',
    {
      type: 'button',
      class: 'act',
      'aria-label': 'Message menu',
      'aria-haspopup': 'menu',
      'data-testid': 'phone-message-menu',
    },
    icon(drawing),
  );
  button.addEventListener('click', () => open(button.getBoundingClientRect()));
  return button;
}

/**
 * Opens a menu near a point; arrows move in it, Escape and a click elsewhere close it.
 * @param {{ x: number, y: number }} at
 * @param {MenuItem[]} items
 */
export function openMenu(at, items) {
  dismiss?.();
  const before = document.activeElement;
  const menu = el('div', { class: 'menu', role: 'menu', 'data-testid': 'phone-menu' });
  const veil = el('div', { class: 'veil' }, menu);
  const close = () => {
    veil.remove();
    dismiss = undefined;
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  dismiss = close;
  menu.append(...items.map((item) => entry(item, close)));
  veil.addEventListener('pointerdown', (event) => event.target === veil && close());
  veil.addEventListener('contextmenu', (event) => event.preventDefault());
  menu.addEventListener('keydown', (event) => move(event, menu, close));
  part('phone').append(veil);
  place(menu, at);
  if (menu.firstElementChild instanceof HTMLElement) menu.firstElementChild.focus();
}

/**
 * @param {MenuItem} item
 * @param {() => void} close
 */
function entry(item, close) {
  const button = el(
    'button',
    {
      type: 'button',
      role: 'menuitem',
      class: item.danger ? 'danger' : '',
      'data-testid': `menu-${item.name}`,
    },
    icon(item.icon),
    item.label,
  );
  button.addEventListener('click', () => {
    close();
    item.run();
  });
  return button;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 * @param {() => void} close
 */
function move(event, menu, close) {
  const entries = [...menu.querySelectorAll('button')];
  const current = entries.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) entries.at((current + step) % entries.length)?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Keeps the menu inside the phone.
 * @param {HTMLElement} menu
 * @param {{ x: number, y: number }} at
 */
function place(menu, at) {
  const room = part('phone').getBoundingClientRect();
  // Its size as it will be: it grows while it appears.
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(at.x - room.left, 8), room.width - width - 8);
  const top = at.y - room.top + height > room.height - 8 ? at.y - room.top - height : at.y - room.top;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(top, 8)}px`;
}

/**
 * Calls back on a right click or a long press.
 * @param {HTMLElement} element
 * @param {(at: { x: number, y: number }) => void} opened
 */
export function onHold(element, opened) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let held;
  const release = () => clearTimeout(held);
  element.addEventListener('contextmenu', (event) => {
    release();
    event.preventDefault();
    opened({ x: event.clientX, y: event.clientY });
  });
  element.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') return;
    held = setTimeout(() => opened({ x: event.clientX, y: event.clientY }), 450);
  });
  for (const name of ['pointerup', 'pointercancel', 'pointermove']) element.addEventListener(name, release);
}
