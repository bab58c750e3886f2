import { addStyleSheet } from './style-sheet.js';

/** Moves into the corner of the page that the launcher has made; null where the page has thrown it out. */
export function takeCorner(styles: string) {
  const host = document.querySelector<HTMLElement>('#pocketping[data-early]');
  const shadow = host?.shadowRoot;
  const root = shadow?.querySelector<HTMLElement>('.root');
  if (!root) return null;
  delete host!.dataset.early;
  addStyleSheet(shadow!, styles);
  return { host: host!, shadow: shadow!, root };
}
