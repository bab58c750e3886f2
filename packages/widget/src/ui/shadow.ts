import { listen } from '../listen.js';
import type { Options } from '../options.js';

/**
 * The widget's own corner of the page: nothing of its style leaks out, and nothing of the page's leaks in. The one in
 * which a launcher has been waiting for the chat is used further.
 */
export function openShadow({ zIndex }: Options, styles: string) {
  const early = document.querySelector<HTMLElement>('#pocketping[data-early]');
  const host = early ?? document.createElement('div');
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  addStyleSheet(shadow, styles);
  const root = shadow.querySelector<HTMLElement>('.root') ?? document.createElement('div');
  if (early) delete host.dataset.early;
  else {
    host.id = 'pocketping';
    if (zIndex !== undefined) host.style.setProperty('--pp-z-index', `${zIndex}`);
    root.className = 'root';
    // The page's own shortcuts must not hear what somebody types here.
    listen<Event>(root, ['keydown', 'keypress', 'keyup'], (event) => event.stopPropagation());
    shadow.append(root);
    document.body.append(host);
  }
  return { host, shadow, root };
}

/** Constructable style sheets are exempt from a Content-Security-Policy's style-src; browsers without them get an element. */
function addStyleSheet(shadow: ShadowRoot, styles: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = styles;
    shadow.append(element);
  }
}
