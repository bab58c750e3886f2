import type { MessageRow } from './rows.js';

/** This close to an end of the log counts as being there, in pixels. */
const NEAR = 80;

interface LogScrollEvents {
  /** The end of the log went out of sight, or came back. */
  onBehind(behind: boolean): void;
  onNearStart(): void;
}

/** Keeps the end of the log in sight for who is there, and the place for who is reading further up. */
export function logScroll({ onBehind, onNearStart }: LogScrollEvents) {
  let log: HTMLElement | null = null;
  let atEnd = true;
  let height = 0;
  let first: string | undefined;
  let last: string | undefined;

  const goToEnd = () => {
    if (log) log.scrollTop = log.scrollHeight;
  };
  // The composer grows, the keyboard appears: the end stays in sight.
  const observer = new ResizeObserver(() => atEnd && goToEnd());

  return {
    goToEnd,
    /** The visitor scrolled. */
    moved() {
      if (!log) return;
      const { scrollTop, scrollHeight, clientHeight } = log;
      atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
      onBehind(!atEnd);
      if (scrollTop < NEAR) onNearStart();
    },
    /** A picture was loaded. */
    grown: () => atEnd && goToEnd(),
    /** The log was rendered, or is gone. */
    rendered(element: HTMLElement | null, rows: MessageRow[]) {
      if (element !== log) {
        observer.disconnect();
        if (element) observer.observe(element);
        log = element;
        atEnd = true;
        height = 0;
      }
      if (!log) return;
      const newest = rows.at(-1);
      const isNew = newest?.key !== last;
      if (!isNew && first !== rows[0]?.key && !atEnd) log.scrollTop += log.scrollHeight - height;
      // Only for what is new: a place that moves under the pointer makes clicks miss.
      else if ((atEnd && log.scrollHeight !== height) || (isNew && newest?.status)) goToEnd();
      height = log.scrollHeight;
      first = rows[0]?.key;
      last = newest?.key;
      if (height <= log.clientHeight) onNearStart();
    },
    stop: () => observer.disconnect(),
  };
}
