import { listen } from '../listen.js';
import type { Options } from '../options.js';
import base from '../ui/base.css';
import { addStyleSheet } from '../ui/style-sheet.js';
import { applyLook } from './look.js';

/**
 * The widget's own corner of the page: nothing of its style leaks out, and nothing of the page's leaks in. The launcher
 * makes it and gives it its look, and the chat moves in: what both of them stand on is there once.
 */
export function openCorner(options: Options): { host: HTMLElement; root: HTMLElement } {
  const host = document.createElement('div');
  const shadow = host.attachShadow({ mode: 'open' });
  const root = document.createElement('div');
  addStyleSheet(shadow, base);
  host.id = 'pocketping';
  // The chat takes over what is marked so.
  host.dataset.early = '';
  if (options.zIndex !== undefined) host.style.setProperty('--pp-z-index', `${options.zIndex}`);
  root.className = 'root';
  // The page's own shortcuts must not hear what somebody types here.
  listen<Event>(root, ['keydown', 'keypress', 'keyup'], (event) => event.stopPropagation());
  shadow.append(root);
  document.body.append(host);
  applyLook(root, options);
  return { host, root };
}
