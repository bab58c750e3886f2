/** What the emulator knows of Discord: one server with one channel of interest, its threads, and who is there. */

export interface StoredUser {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly bot: boolean;
}

/** @see https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
export const ChannelType = { text: 0, voice: 2, announcement: 5, publicThread: 11, forum: 15 } as const;

/** @see https://discord.com/developers/docs/resources/message#message-object-message-types */
export const MessageType = { plain: 0, renamed: 4, threadCreated: 18, reply: 19 } as const;

export interface StoredChannel {
  readonly id: string;
  readonly type: (typeof ChannelType)['text' | 'voice' | 'announcement' | 'forum'];
  readonly name: string;
}

export interface StoredThread {
  readonly id: string;
  readonly parentId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly archived: boolean;
  readonly locked: boolean;
  /** Unix milliseconds of the last change of `archived`, or of its creation. */
  readonly archiveChangedAt: number;
  readonly autoArchiveMinutes: number;
  readonly deleted: boolean;
}

export interface StoredEmbed {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly color?: number;
  readonly footer?: { readonly text: string };
  readonly author?: { readonly name: string };
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[];
}

export interface StoredAttachment {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly contentType: string;
}

export interface StoredMessage {
  readonly id: string;
  /** The channel or thread that it stands in. */
  readonly channelId: string;
  readonly authorId: string;
  readonly type: number;
  readonly content: string;
  readonly embeds: readonly StoredEmbed[];
  readonly attachments: readonly StoredAttachment[];
  readonly flags: number;
  /** Unix milliseconds. */
  readonly editedAt?: number;
  readonly deleted?: true;
  /** The message that it answers, or the thread that it tells of. */
  readonly reference?: { readonly channelId: string; readonly messageId?: string };
  readonly nonce?: string | number;
  readonly webhookId?: string;
  /** In whose name a webhook wrote. */
  readonly webhookName?: string;
  /** Emoji → who reacted. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

export interface StoredWebhook {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly name: string;
}
