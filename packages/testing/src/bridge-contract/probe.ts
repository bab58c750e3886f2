import type {
  Bridge,
  MessageRef,
  Operator,
  ThreadRef,
  WebhookReceiver,
  WebhookRequest,
} from '@pocketping/core';

/**
 * The platform as people and accidents see it, so that one suite can judge every bridge. Usually a thin layer over an
 * emulator. "Shows" always means what a person reads on the screen: without markup, entities resolved.
 */
export interface PlatformProbe {
  /** The threads that exist, without those the platform has by itself, in order of creation. None where all conversations share a chat. */
  threads(): Promise<readonly ThreadRef[]>;
  /** What people see of a thread besides its messages; null when it is gone. */
  thread(thread: ThreadRef): Promise<SeenThread | null>;
  /**
   * The messages of a thread that people see, oldest first, without the platform's own service messages. Where all
   * conversations share a chat, those of which a person sees that they belong to this one.
   */
  messages(thread: ThreadRef): Promise<readonly SeenMessage[]>;
  /**
   * Everything that the bridge has put on the platform and that people still see, as they read it there by the platform's
   * own rules, in the order in which it came: titles, posts, what stands on a card, what a notification says. Changed
   * posts in their places.
   */
  readings(): Promise<readonly Reading[]>;

  /**
   * A person of the team writes in a thread; where all conversations share a chat, in reply to the newest of the bridge's
   * posts that belong to it. A text that begins with the bridge's command prefix is a command.
   */
  write(thread: ThreadRef, text: string, options?: { replyTo?: MessageRef }): Promise<MessageRef>;
  /** That person changes what they wrote. */
  edit(message: MessageRef, text: string): Promise<void>;
  /** A person deletes a message, whoever wrote it. */
  remove(message: MessageRef): Promise<void>;
  /** A person deletes a whole thread. */
  removeThread(thread: ThreadRef): Promise<void>;
  /** What a person types to mention the bot, where people can. */
  readonly mention?: string;
  /** Who `write` and `edit` are. */
  readonly operator: Operator;

  /** Strikes the next call that changes something on the platform; listening goes on undisturbed. */
  fail(fault: PlatformFault): Promise<void>;
  /** How many of the people's doings the bridge was not handed, or has not confirmed, so that they would come again. */
  unconfirmed(): Promise<number>;

  /** People send files there. */
  readonly files?: PlatformFiles;

  /** The platform calls the bridge. */
  readonly calls?: PlatformCalls;

  /** Makes the platform tell of the people's doings otherwise than once and in order. Every platform that is heard has it. */
  readonly disorder?: PlatformDisorder;

  /** Ends the platform. */
  close(): Promise<void>;
}

/**
 * - `rate_limited`: refused, nothing happens; a retry makes sense after `retryAfterMs` (whole seconds)
 * - `uncertain`: the call takes effect, but its answer never arrives
 * - `unavailable`: nothing answers, and certainly nothing happens
 * - `unauthorized`: the platform no longer knows the bot
 * - `invalid`: the platform refuses the content
 * - `silent`: neither effect nor answer, for longer than anybody waits
 */
export type PlatformFault =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'uncertain' | 'unavailable' | 'unauthorized' | 'invalid' | 'silent' };

export interface SeenThread {
  /** Absent where threads have none. */
  readonly title?: string;
  /** Whether it is closed, where that exists. */
  readonly closed?: boolean;
  /** Whether it shows that the bridge types, where that exists. */
  readonly typing?: boolean;
}

export interface SeenMessage {
  readonly ref: MessageRef;
  /** What people read, below the heading and, where there is one, the file. */
  readonly text: string;
  readonly file?: SeenFile;
  /** Where all conversations share a chat: what says whose this one is. */
  readonly heading?: string;
  /** Written by the bridge, not by a person. */
  readonly ours: boolean;
  /** The platform's id of the message it visibly answers. */
  readonly replyTo?: string;
  /** What stands beside it of how far it has come, where the bridge has receipts. */
  readonly receipt?: 'delivered' | 'read';
}

export interface PlatformFiles {
  /** The person of `write` sends a file in the same place, with a caption below it where one is given; `edit` changes that. */
  send(thread: ThreadRef, file: SentFile, caption?: string): Promise<MessageRef>;
}

/** A file as a person sends it. */
export interface SentFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A file as people get it. */
export interface SeenFile {
  /** Absent where the platform shows none. */
  readonly name?: string;
  readonly bytes: Uint8Array;
  /** It appears as a picture. */
  readonly picture: boolean;
}

/** One text as people read it. */
export interface Reading {
  /** Without markup. */
  readonly text: string;
  /** What in it is more than words. */
  readonly live: readonly Live[];
}

/** Something that a platform does with a part of a text, besides showing its characters. */
export interface Live {
  /**
   * - `mention`: it rings somebody, or names a person, a channel or everybody
   * - `command`: it runs with a tap
   * - `tag`: it opens a search
   * - `link`: it leads somewhere
   * - `style`: it looks different
   */
  readonly kind: 'mention' | 'command' | 'tag' | 'link' | 'style';
  /** What people see of it. */
  readonly text: string;
  /** Where a link leads; its text where that is the address itself. */
  readonly address?: string;
  /** Which style; `code` is what keeps characters from meaning anything. */
  readonly style?: string;
}

export interface PlatformCalls {
  /** From now on a node takes the platform's calls; undefined: it is down. */
  connect(receiver: WebhookReceiver | undefined): void;
  /** What the platform has sent so far, oldest first. */
  requests(): readonly WebhookRequest[];
  /** The same bridge on another node, not started. */
  otherNode(): Bridge;
}

export interface PlatformDisorder {
  /** What somebody does next is told of so many times, at once where the platform can. */
  deliverTimes(times: number): void;
  /** Everything that people have done so far is told of once more. */
  replay(): void | Promise<void>;
  /** The next so many doings are told of the last one first, where what comes later can overtake. */
  reverse(count: number): void;
}
