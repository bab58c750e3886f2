/** Enter sends, Shift+Enter breaks the line, and Enter that only confirms an input method's suggestion does neither. */
export const isSendKey = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

/** Runs `task` on Escape, which then closes nothing else. */
export const onEscape = (task: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  event.preventDefault();
  task();
};
