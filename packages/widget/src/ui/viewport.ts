import { listen } from '../listen.js';

/**
 * Tells the style sheet which part of the screen the on-screen keyboard leaves to a full-screen window.
 * https://developer.mozilla.org/docs/Web/API/VisualViewport
 */
export function followViewport(root: HTMLElement): () => void {
  const viewport = window.visualViewport;
  const follow = () => {
    if (!viewport) return;
    root.style.setProperty('--viewport-height', `${viewport.height}px`);
    root.style.setProperty('--viewport-top', `${viewport.offsetTop}px`);
  };
  follow();
  return listen(viewport, ['resize', 'scroll'], follow);
}
