import { listen } from '../listen.js';
import type { TrackedElement } from '../options.js';

/**
 * Listens for the use of elements that match, also of those that are not there yet: at the document, on the way down, so
 * that nothing the page does with the event hides it. The answer stops it.
 *
 * @param onUse hears of it
 */
export function trackElements(
  tracked: readonly TrackedElement[],
  onUse: (element: TrackedElement) => void,
): () => void {
  const usable = tracked.filter(isUsable);
  const types = [...new Set(usable.map(({ event }) => event))];
  return listen<Event>(
    document,
    types,
    (event) => {
      // A focus, say, is the element's own; a click is that of everything around it.
      const path = event.bubbles ? event.composedPath() : [event.target];
      const elements = path.filter((target) => target instanceof Element);
      if (elements.some(({ id }) => id === 'pocketping')) return;
      for (const one of usable)
        if (one.event === event.type && elements.some((element) => element.matches(one.selector))) onUse(one);
    },
    true,
  );
}

/** Nothing is as easily mistyped as a selector: it is named in the console, and the others work. */
function isUsable({ selector, event, name }: TrackedElement): boolean {
  try {
    document.createDocumentFragment().querySelector(selector);
    if (selector && event && name) return true;
  } catch {
    // As the console says.
  }
  console.warn('PocketPing: trackedElements: not valid', selector, event, name);
  return false;
}
