/** @typedef {string | Node | undefined | false} Child */

/**
 * Makes an element. Text only ever becomes text: nothing here reads markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] absent if false or undefined, bare if true
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/**
 * One of the page's own drawings.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * An element that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * A round picture of somebody: an initial on that person's colour.
 * @param {{ id: number, name: string }} who
 */
export function avatar(who) {
  const circle = el('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(who.name));
  circle.dataset.tint = tint(who.id);
  return circle;
}

/**
 * A topic's bubble in its colour, with the first letter of its name.
 * @param {HTMLElement} holder
 * @param {{ id: number, title: string, iconColor: string }} topic
 */
export function paintTopicIcon(holder, topic) {
  const general = topic.id === 1;
  holder.style.setProperty('--colour', general ? 'var(--faint)' : topic.iconColor);
  holder.classList.toggle('general', general);
  holder.replaceChildren(icon('topic'), el('b', {}, general ? '#' : initial(topic.title)));
}

/** @param {string} name */
export const initial = (name) => {
  const [first = '?'] = name.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, '');
  return first.toLocaleUpperCase();
};

/**
 * One of seven colours, always the same for the same person.
 * @param {number} id
 */
export const tint = (id) => String(Math.abs(id) % 7);
