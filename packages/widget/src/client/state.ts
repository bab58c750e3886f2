import type { Watermarks, WireMessage, WirePresence } from '@pocketping/protocol';
import type { OutboxEntry } from './kept.js';
import type { ChosenFile } from './uploads.js';

/**
 * - `idle`: nobody has asked for a connection yet.
 * - `connecting`: on the way to the first one.
 * - `live`: frames arrive.
 * - `lost`: it was live or should be; being tried again.
 * - `refused`: the server does not want this page, and repeating the request would not change that.
 */
export type Link = 'idle' | 'connecting' | 'live' | 'lost' | 'refused';

/** An outbox entry as the window shows it. */
export interface Unsent extends OutboxEntry {
  /** At least one attempt got no answer. */
  waiting?: boolean;
}

/** Something that the site tells the visitor, until it is dismissed. */
export interface Notification {
  readonly key: number;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/** Words that the page puts into the team's mouth: nobody but this page knows of them. */
export interface Prompt {
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The `seq` of the message before it; unknown until the conversation is. */
  readonly after?: number | undefined;
}

/** Everything the window shows. Replaced, never changed in place. */
export interface ChatState {
  readonly open: boolean;
  /** It was opened by the site's backend. */
  readonly unasked?: boolean;
  readonly link: Link;
  /** What the browser believes about its network. */
  readonly online: boolean;
  readonly sessionId?: string | undefined;
  /** Sorted by `seq`, without holes from the first one on. */
  readonly messages: readonly WireMessage[];
  /** There are older ones on the server. */
  readonly hasMore: boolean;
  readonly loadingOlder: boolean;
  /** Oldest first, after all messages. */
  readonly unsent: readonly Unsent[];
  /** What goes with the next message. */
  readonly files: readonly ChosenFile[];
  /** The site takes files, up to so many bytes each. */
  readonly uploads?: { readonly maxBytes: number } | undefined;
  /** Oldest first. */
  readonly prompts: readonly Prompt[];
  /** Oldest first. */
  readonly notifications: readonly Notification[];
  readonly read: Watermarks;
  readonly presence?: WirePresence | undefined;
  /** Who of the team is writing. */
  readonly typing?: { readonly name?: string | undefined } | undefined;
  readonly welcomeMessage?: string | undefined;
  /** The last conversation is over: by the team (a message reopens it) or by the visitor. */
  readonly closed?: 'team' | 'visitor' | undefined;
}

const NOTHING_READ: Watermarks = { operatorDelivered: 0, operatorRead: 0, visitorRead: 0 };

/** What is shown of a conversation before there is one. */
export const emptyConversation = {
  sessionId: undefined,
  messages: [],
  prompts: [],
  hasMore: false,
  loadingOlder: false,
  read: NOTHING_READ,
  typing: undefined,
  closed: undefined,
} satisfies Partial<ChatState>;

export const initialState = (online: boolean): ChatState => ({
  open: false,
  link: 'idle',
  online,
  unsent: [],
  files: [],
  notifications: [],
  ...emptyConversation,
});

export const isFromTeam = (message: WireMessage): boolean => message.sender !== 'visitor';

/** The team's messages that the visitor has not read. */
export const unreadMessages = (state: ChatState): WireMessage[] =>
  state.messages.filter(
    (message) => isFromTeam(message) && message.seq > state.read.visitorRead && !message.deletedAt,
  );

/** Where a message of the visitor's is: on its way, with the server, in the team's apps, read. */
export type DeliveryStatus = 'sending' | 'waiting' | 'failed' | 'sent' | 'delivered' | 'read';

export const deliveryStatus = (message: WireMessage, read: Watermarks): DeliveryStatus => {
  if (message.seq <= read.operatorRead) return 'read';
  return message.seq <= read.operatorDelivered ? 'delivered' : 'sent';
};

export const unsentStatus = (entry: Unsent, { link, online }: ChatState): DeliveryStatus => {
  if (entry.failed) return 'failed';
  return entry.waiting || link === 'lost' || !online ? 'waiting' : 'sending';
};
