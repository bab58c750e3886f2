import { listen } from './listen.js';

/** A script in the head runs before there is a body. The answer undoes the task, or keeps it from being done. */
export function whenBody(task: () => () => void): () => void {
  if (document.body) return task();
  const ignore = listen(document, ['DOMContentLoaded'], () => {
    undo = task();
  });
  let undo = () => {};
  return () => {
    ignore();
    undo();
  };
}

/** Runs `task` when the page is loaded and has nothing better to do. */
export function whenIdle(task: () => void): void {
  // Safari has no such callback; there a moment after the page's own start has to do.
  const soon = () => (window.requestIdleCallback ?? setTimeout)(task, { timeout: 2_000 } as never);
  if (document.readyState === 'complete') soon();
  else window.addEventListener('load', soon, { once: true });
}
