/** @see https://docs.slack.dev/reference/objects/user-object */
export interface StoredUser {
  readonly id: string;
  /** The handle, lower case. */
  readonly name: string;
  readonly realName: string;
  /** Empty for whoever never chose one. */
  readonly displayName: string;
  readonly isBot: boolean;
}

/** A block as it travels; the emulator checks what it shows. @see https://docs.slack.dev/reference/block-kit/blocks */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** @see https://docs.slack.dev/messaging/message-metadata */
export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

/** @see https://docs.slack.dev/reference/objects/file-object */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  /** What people see for a name. */
  readonly title?: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size?: number;
  /** Who brought it. */
  readonly userId?: string;
  /** `hosted` unless told. */
  readonly mode?: 'hosted' | 'external' | 'tombstone' | 'hidden_by_limit' | 'canvas';
  /** Where it is, of one that is not in Slack. */
  readonly externalUrl?: string;
  /** An event tells nothing of it but its id: it is of another organisation. */
  readonly isForeign?: true;
  /** It was recorded in Slack itself. */
  readonly clip?: 'audio' | 'video';
}

/** @see https://docs.slack.dev/reference/events/message */
export interface StoredMessage {
  /** Its id in its channel: Unix time in seconds, and six digits. */
  readonly ts: string;
  readonly userId: string;
  /** Written through an incoming webhook, by no user. */
  readonly byWebhook?: true;
  readonly clientMsgId?: string;
  /** The `ts` of the message that the thread began with; its own for none. */
  readonly threadTs?: string;
  /** In Slack's markup. */
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly files?: readonly StoredFile[];
  readonly edited?: { readonly user: string; readonly ts: string };
  /** False: `text` is shown as it is. */
  readonly mrkdwn?: false;
  /** What is looked for in `text`; nothing unless said. @see https://docs.slack.dev/reference/methods/chat.update */
  readonly parse?: 'client' | 'full';
  /** Name of the emoji → who reacted. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
  /** `gone`: nothing is left. `tombstone`: it began a thread, of which its place is kept. */
  readonly deleted?: 'gone' | 'tombstone';
}

export interface StoredChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly created: number;
  isArchived: boolean;
  /** Whether the bot is a member. */
  hasBot: boolean;
  /** By `ts`, oldest first. */
  readonly messages: Map<string, StoredMessage>;
  /** User id:`ts` of a thread → the newest message in it that this person has read. */
  readonly reads: Map<string, string>;
}

/** An event as an app receives it. @see https://docs.slack.dev/apis/events-api#event-type-structure */
export interface SlackEvent {
  readonly type: string;
  readonly subtype?: string;
  readonly channel?: string;
  readonly ts?: string;
  readonly event_ts: string;
  readonly [field: string]: unknown;
}
