import { listen } from '../listen.js';
import type { Options } from '../options.js';
import styleSheet from './styles.css';

/** The widget's own corner of the page: nothing of its style leaks out, and nothing of the page's leaks in. */
export function openShadow({ zIndex }: Options) {
  const host = document.createElement('div');
  host.id = 'pocketping';
  if (zIndex !== undefined) host.style.setProperty('--pp-z-index', `${zIndex}`);
  const shadow = host.attachShadow({ mode: 'open' });
  addStyleSheet(shadow);
  const root = document.createElement('div');
  root.className = 'root';
  // The page's own shortcuts must not hear what somebody types here.
  listen<Event>(root, ['keydown', 'keypress', 'keyup'], (event) => event.stopPropagation());
  shadow.append(root);
  document.body.append(host);
  return { host, shadow, root };
}

/** Constructable style sheets are exempt from a Content-Security-Policy's style-src; browsers without them get an element. */
function addStyleSheet(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styleSheet);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = styleSheet;
    shadow.append(element);
  }
}
