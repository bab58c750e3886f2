import type { Client } from '../client/client.js';
import type { ChatState } from '../client/state.js';
import type { Options } from '../options.js';
import type { Strings } from '../strings.js';
import type { MessageRow } from './rows.js';

/** What the window remembers that is nobody else's business. It outlives the window: a draft must not get lost. */
export interface ViewState {
  readonly draft: string;
  readonly replyTo?: MessageRow | undefined;
  /** The message being changed in place. */
  readonly editing?: { readonly key: string; readonly text: string; readonly saving?: boolean } | undefined;
  /** The message that is pointed at or has the focus; only its actions are there, so that Tab is not a long way. */
  readonly active?: string | undefined;
  readonly menu?: boolean;
  /** The visitor is asked whether to end the conversation. */
  readonly confirming?: boolean;
  /** Something the visitor asked for did not work. */
  readonly problem?: boolean;
  /** The visitor chose more files than fit. */
  readonly tooMany?: boolean;
  /** The visitor wanted to send, and could not because of files that failed. */
  readonly stuck?: boolean;
  /** The message waits for its files. */
  readonly sending?: boolean;
  /** Files are being dragged over the window. */
  readonly dropping?: boolean;
  /** Attachments that the browser cannot show, by id. */
  readonly unshowable?: Readonly<Record<string, true>>;
  /** The end of the log is out of sight. */
  readonly behind?: boolean;
}

/** Everything a part of the window needs: what to show, and what can be done. */
export interface Chat {
  readonly client: Client;
  readonly state: ChatState;
  readonly view: ViewState;
  readonly rows: MessageRow[];
  readonly options: Options;
  readonly strings: Strings;
  /** The heading. */
  readonly title: string;
  /** Who answers, where a message does not say it. */
  readonly operatorName: string;
  /** Changes the view, and then moves the focus to what matches the selector. */
  set(patch: Partial<ViewState>, focus?: string): void;
  /** Shows a problem if the task fails; resolves to whether it succeeded. */
  attempt(task: Promise<unknown>): Promise<boolean>;
  onLogScroll(): void;
  /** Something in the log has grown. */
  onLogGrown(): void;
  goToEnd(): void;
}

/** Who wrote it, as the visitor should read it. */
export const nameOf = (row: MessageRow, { strings, operatorName }: Chat): string =>
  row.sender === 'visitor' ? strings.you : (row.senderName ?? operatorName);

/** What stands for a message where there is little room. */
export const excerpt = ({ content, attachments = [] }: MessageRow): string =>
  content || attachments.map(({ name }) => name).join(', ');

/** The first letter of a name, whole even where it takes two code units. */
export const initial = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '';

/** Finds the row of a message. */
export const rowSelector = (key: string): string => `[data-key="${CSS.escape(key)}"]`;

export const COMPOSER = '.field textarea';

export const LOG = '.log';
