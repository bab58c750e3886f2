import type { TargetedDragEvent } from 'preact';
import type { Strings } from '../strings.js';
import type { Chat } from './chat.js';
import { bringsFiles, filesOf, receiveFiles } from './file-transfer.js';
import { Icon } from './icons.js';

/** Lies over the window while files are dragged over it. */
export const DropZone = ({ strings }: { strings: Strings }) => (
  <div class="drop" data-testid="pp-drop">
    <Icon name="clip" />
    <p>{strings.dropFiles}</p>
  </div>
);

/** What makes the window take files that are dropped on it. */
export function dropTarget(chat: Chat) {
  const { state, view, set } = chat;
  const isWelcome = (event: DragEvent) =>
    bringsFiles(event) && !!state.uploads && !view.sending && !view.confirming;
  return {
    onDragOver(event: DragEvent) {
      if (!isWelcome(event)) return;
      // Without it the browser would open the file in place of the page.
      event.preventDefault();
      if (!view.dropping) set({ dropping: true });
    },
    onDragLeave({ currentTarget, relatedTarget }: TargetedDragEvent<HTMLElement>) {
      if (!currentTarget.contains(relatedTarget as Node | null)) set({ dropping: false });
    },
    onDrop(event: DragEvent) {
      if (!isWelcome(event)) return;
      event.preventDefault();
      receiveFiles(chat, filesOf(event.dataTransfer));
    },
  };
}
