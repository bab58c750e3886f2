import type { DeliveryStatus } from '../client/state.js';
import { CHAT_PATH } from './chat-path.js';

const paths = {
  chat: CHAT_PATH,
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M5 12h0M12 12h0M19 12h0',
  send: 'M12 19V5M6 11l6-6 6 6',
  reply: 'M9 14L4 9l5-5M4 9h9q7 0 7 7v3',
  edit: 'M4 20l1-5L16 4l4 4L9 19z',
  clip: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.4 3.4 0 0 1 5 5l-8 8a1.7 1.7 0 0 1-2.5-2.5L15 7',
  page: 'M6 3h8l4 4v14H6zM14 3v4h4',
  audio: 'M9 18V5l10-2v13M9 18a3 3 0 1 1-1-2M19 16a3 3 0 1 1-1-2',
  video: 'M3 6h12v12H3zM15 11l6-4v10l-6-4',
  download: 'M12 4v11M7 10l5 5 5-5M5 20h14',
  again: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  remove: 'M4 7h16M9 7V4h6v3M7 7l1 13h8l1-13',
};

export type IconName = keyof typeof paths;

/** The drawing for a kind of file. */
export const fileIcon = (mimeType: string): IconName =>
  (/^(audio|video)/.exec(mimeType)?.[0] as IconName | undefined) ?? 'page';

/** A line drawing in the colour of the text around it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

const marks = {
  clock: 'M8 5v3l2 2M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z',
  one: 'M3 8l3 3 6-7',
  two: 'M1 8l3 3 6-7M7 11l6-7',
};

/** How far a message has come, as ticks. */
export const Ticks = ({ status, label }: { status: DeliveryStatus; label: string }) => (
  <svg class={`ticks ${status}`} viewBox="0 0 16 16" role="img" aria-label={label}>
    <path d={marks[status === 'sent' ? 'one' : status.endsWith('ing') ? 'clock' : 'two']} />
  </svg>
);
