import { type Chat, COMPOSER } from './chat.js';

/** The files that were pasted or dropped. */
export function filesOf(transfer: DataTransfer | null): File[] {
  if (!transfer) return [];
  // Text from an office program comes with a picture of itself: then it is the text that is meant.
  const isText = transfer.types.includes('text/html') && transfer.types.includes('text/plain');
  return isText ? [] : [...transfer.files];
}

/** Whether something that is being dragged could be attached. Its files are not known before they are dropped. */
export const bringsFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') === true;

/** Attaches files to the next message; false where the site takes none, or just now. */
export function receiveFiles({ client, state, view, set }: Chat, files: File[]): boolean {
  if (!state.uploads || view.sending) return false;
  const fits = client.files.add(files);
  // On a touch screen the focus in a text field would bring up the keyboard, over the files.
  const focus = matchMedia('(pointer: coarse)').matches ? undefined : COMPOSER;
  set({ dropping: false, tooMany: !fits }, focus);
  return true;
}
