import type { Strings } from './strings.js';

/**
 * Who the visitor is, as far as the page knows. A claim: the team sees it marked as such. At least one field; each text
 * has at most 256 characters.
 */
export interface Identity {
  /** The site's own id of this person. */
  id?: string;
  name?: string;
  email?: string;
  phone?: string;
  customerId?: string;
  /** Up to 50 entries of your own. */
  metadata?: Record<string, string | number | boolean | null>;
}

/** A file of a message. */
export interface IncomingFile {
  id: string;
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  /** `fetching`: on its way from the team's messaging app. `failed`: it could not be had. */
  status: 'ready' | 'fetching' | 'failed';
  /** Absolute; of one that is ready, for a day at least. */
  url?: string;
}

/** A message as {@link Options.onMessage} tells it. */
export interface IncomingMessage {
  id: string;
  sender: 'operator' | 'ai' | 'system';
  senderName?: string;
  /** May be empty where there are files. */
  content: string;
  attachments?: IncomingFile[];
  /** ISO 8601 in UTC. */
  timestamp: string;
}

/** A custom event from the site's own backend. */
export interface PocketPingEvent {
  name: string;
  data?: Record<string, unknown>;
  /** ISO 8601 in UTC. */
  timestamp: string;
  sessionId: string;
}

/** What it throws, or rejects with, is logged. */
export type EventHandler = (event: PocketPingEvent) => unknown;

/** An element of the page whose use is told to the site's backend. */
export interface TrackedElement {
  /** CSS. Elements that are added later count, too. */
  selector: string;
  /** The DOM's event, e.g. `click`. */
  event: string;
  /** The custom event's name. */
  name: string;
  data?: Record<string, unknown>;
  /** Opens the chat and says this in the team's name. It is in the event's data as well, so that the team knows of it. */
  widgetMessage?: string;
}

export interface Options {
  /** Where the server's PocketPing handler is mounted, e.g. `/pocketping` or `https://api.example.com/pocketping`. */
  endpoint: string;
  /** The first bubble, until the server names its own. */
  welcomeMessage?: string;
  /** The window's heading; `operatorName` by default, else "Chat with us". */
  title?: string;
  /** Who answers, where a message does not say it. */
  operatorName?: string;
  /** `auto` (the default) follows the visitor's system. */
  theme?: 'light' | 'dark' | 'auto';
  /** Any CSS colour; the text on it becomes black or white, whichever reads better. */
  primaryColor?: string;
  /** The corner of the page; `right` by default. */
  position?: 'right' | 'left';
  /** 2147483000 by default. */
  zIndex?: number;
  /** Other texts, e.g. a translation. */
  strings?: Partial<Strings>;
  /** The same as calling `identify` at once. */
  identity?: Identity;
  /** A message of the team arrived while the page was open. */
  onMessage?: (message: IncomingMessage) => void;
  /** The same as `PocketPing.onEvent('*', …)`, for this `init`. */
  onEvent?: EventHandler;
  /** Triggers custom events without code. */
  trackedElements?: readonly TrackedElement[];
}
