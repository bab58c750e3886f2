import type { Instant } from '../model/index.js';
import type { Clock } from './clock.js';
import type { Inbound, Operator } from './inbound.js';
import type { Logger } from './logger.js';
import type { Note, NoteAttachment, SessionCard } from './note.js';
import type { WebhookHeaders, WebhookReceiver } from './webhook.js';

/**
 * One connection to one chat of one messaging platform. It translates and decides nothing: the engine says what
 * to post, when, and what to do when that fails.
 *
 * Every call that reaches the platform makes at most one visible effect, never retries by itself, ends when its
 * `signal` is aborted, and rejects with a `BridgeError`. What rejects with anything else is a bug, and is tried again later.
 */
export interface Bridge {
  /** Unique in its engine, lower-case letters, digits and dashes, e.g. `support`. It names the bridge in storage: keep it. */
  readonly name: string;
  /** What the team types before a command, e.g. `/`. */
  readonly commandPrefix: string;
  /** What the team types that the bridge itself understands, for `help`, e.g. a deletion that its platform does not report. */
  readonly gestures?: readonly CommandSummary[];
  readonly pacing: Pacing;
  /**
   * The chat has no threads: all conversations stand in it side by side, a reply says which one it is for, and each
   * post has to tell whose it is. `open` then makes no call and invents an id for the thread.
   */
  readonly threadless?: true;
  /**
   * Names the account on the platform that this bridge works through, where several share one: they all run on the
   * same node, because a platform lets only one process listen. Its own `name` unless said otherwise.
   */
  readonly connection?: string;
  /** Further chats of the same account, each a bridge of its own; they are added along with this one. */
  readonly siblings?: readonly Bridge[];

  /**
   * Begins to listen. Only one node at a time has a bridge started. Resolves when the bridge is known to work.
   * @throws BridgeError `unauthorized` or `misconfigured` with what a person has to do; `unavailable` when the
   *   platform cannot be reached, after which the engine calls `start` again.
   */
  start(host: BridgeHost): Promise<void>;
  /** Stops listening; resolves when nothing more will be handed to the host. Harmless when not started. */
  stop(): Promise<void>;

  /**
   * Creates the topic or thread, and nothing else. After `uncertain` it is called again: a platform that can be asked is
   * asked first, and what is found there is the answer. @throws BridgeError `rate_limited` with the scope `thread` where this
   * conversation alone has to wait, because the platform has no more threads to give; `message` says what to do
   */
  open(card: SessionCard, call: Call): Promise<ThreadRef>;
  /**
   * Pure: the note in the platform's markup, split to fit its limits. Empty when the platform has nothing to show.
   * What it throws holds for ever: a message is then a dead letter, anything else is left out.
   * @param card the conversation it stands in, for a chat in which several stand side by side (`threadless`)
   */
  render(note: Note, card: SessionCard): Part[];
  /**
   * Posts one part. After `uncertain` it is called again with the same `nonce`, by which a platform that can takes it once.
   * @throws BridgeError `thread_gone` has the conversation go on in a new thread; `invalid` has the part posted as plain text
   */
  post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef>;
  /** Tells the person who wrote `to` something, where they wrote it. After `uncertain` it may be called again. @throws BridgeError */
  answer(to: MessageRef, text: string, call: Call): Promise<void>;

  /** The platform lets a bot change and delete what it posted. */
  readonly editing?: {
    edit(posted: MessageRef, part: Part, call: Call & { readonly plain: boolean }): Promise<void>;
    remove(posted: MessageRef, call: Call): Promise<void>;
  };
  /** The platform shows that somebody types. */
  readonly typing?: { show(thread: ThreadRef, call: Call): Promise<void> };
  /** A thread can be closed. Both are harmless when there is nothing to change. */
  readonly closing?: {
    close(thread: ThreadRef, call: Call): Promise<void>;
    reopen(thread: ThreadRef, call: Call): Promise<void>;
    /** Whatever is posted in a closed thread, by whom it may be, opens it: it is closed again. */
    readonly postsReopen?: true;
  };
  /** A thread has a title that can change. Harmless when it is the same. */
  readonly titles?: { rename(thread: ThreadRef, card: SessionCard, call: Call): Promise<void> };
  /**
   * The bridge posts, and hears nobody. One that says neither this, nor `intermittent`, nor `webhook` listens on a connection of its
   * own, for which a process has to run all the time.
   */
  readonly postsOnly?: true;
  /**
   * It listens on a connection of its own, but a process that runs only at times is enough: the other end keeps what the team does
   * meanwhile, edits and deletions included, and hands it over when somebody listens again, by itself or by `catchUp`.
   */
  readonly intermittent?: true;
  /**
   * The platform calls us. Asked for once on every node, also on those that do not have the bridge started, because any
   * of them may be called. Nothing tells whether it can reach us: with `catchUp`, it is asked every few minutes.
   */
  readonly webhook?: {
    receiver(host: BridgeHost): WebhookReceiver;
    /**
     * Where the headers alone prove the sender: whether they do. Otherwise the answer is 401, and the body is not read.
     * What passes goes to the receiver, which trusts nobody because of it.
     */
    admits?(headers: WebhookHeaders): boolean;
  };
  /**
   * The platform can be asked, without any effect that people see, whether it lets us work in the chat. It is asked before
   * anything is posted again that it did not take. @throws BridgeError as `start` does
   */
  readonly access?: { check(call: Call): Promise<void> };
  /** The platform can show, beside a message of ours or of the team, how far it has come. */
  readonly receipts?: {
    /** Harmless when the message shows that state already. @param posted a message that the visitor has received or read, as it stands on the platform */
    mark(posted: MessageRef, state: 'delivered' | 'read', call: Call): Promise<void>;
  };
  /** The platform keeps what was said while nobody listened. */
  readonly catchUp?: {
    /**
     * Everything that people of the team said since `after` in threads of ours, oldest first within each; of what the
     * engine has already, a repetition is harmless. Ends when all of it was handed over; rejects with a `BridgeError`, and
     * is then asked again from the same instant. The engine receives each before it asks for the next, and gives up,
     * aborting the signal, when nothing comes for a minute: `undefined` is a sign that it goes on, e.g. while the platform
     * takes no more questions for now. `patiently` gives them. It asks after every start, after `healed` and after
     * `missed`, and where what it refused was not handed over again for a minute; what the bridge hears in the first two
     * seconds of that waits for it, so that a conversation keeps its order where that can be. With `webhook` it also asks
     * every few minutes, and nothing waits for that.
     */
    since(after: Instant, call: Call): AsyncIterable<Inbound | undefined>;
    /**
     * What the bridge hears waits for all of that, however long it takes: for a platform that keeps everything and hands it over again
     * where `receive` rejects.
     */
    readonly inOrder?: true;
  };
  /** The platform hands over the files that people send there. */
  readonly files?: {
    /**
     * The bytes of a file, streamed. @param ref as the bridge gave it with the message
     * @throws BridgeError `message_gone` when the platform has it no longer, `invalid` when it does not hand it over, e.g.
     *   because it is too large: in both cases the message says why. Anything else is tried again.
     */
    fetch(ref: string, call: Call): Promise<ReadableStream<Uint8Array>>;
  };
  /** The platform can tell whether an uncertain post took effect. */
  readonly reconcile?: { posted(thread: ThreadRef, nonce: string, call: Call): Promise<PostedRef | null> };
}

export interface Call {
  /** Aborted at the call's deadline. */
  readonly signal: AbortSignal;
}

export interface PostCall extends Call {
  /** Names this post: the same for every attempt at it. */
  readonly nonce: string;
  /**
   * An earlier attempt may have taken effect, and have shown something else: what was said then. Where the platform answers
   * with the post of that attempt, the call makes it show this part.
   */
  readonly repeated?: true;
  /** The platform's message that this one answers. Where the platform refuses because it is gone, the call may reject with
   * `message_gone`; the engine then posts the part without it. */
  readonly replyTo?: MessageRef;
  /**
   * The bytes of the part's file, which are streamed; present where the part has one. May be asked for again.
   * @throws PocketPingError `not_found` when it was removed meanwhile; the call then rejects with it
   */
  readonly open?: () => Promise<ReadableStream<Uint8Array>>;
  /** Post the part's `plain` text without any markup. */
  readonly plain: boolean;
}

/** What fits into one message of the platform. */
export interface Part {
  /** A file, which the post shows; the text is its caption. Absent for a post of words. */
  readonly file?: NoteAttachment;
  /** In the platform's markup. */
  readonly markup: string;
  /** The same without markup, for a platform that refuses it. */
  readonly plain: string;
}

export interface ThreadRef {
  readonly chatId: string;
  readonly threadId: string;
}

export interface MessageRef {
  readonly chatId: string;
  /** The platform's id of the message. */
  readonly platformId: string;
  /** Absent outside of any thread. */
  readonly threadId?: string;
}

export type PostedRef = MessageRef;

/** What the platform tolerates; the engine stays within it. */
export interface Pacing {
  readonly thread?: Budget;
  readonly chat?: Budget;
  readonly bot?: Budget;
}

/** At most `calls` in any `perMs` milliseconds. */
export interface Budget {
  readonly calls: number;
  readonly perMs: number;
}

/** A command, as a menu lists it. */
export interface CommandSummary {
  /** Lower case, without the prefix. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
}

/** What the engine gives a bridge. */
export interface BridgeHost {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Everything a team can type, the bridge's own gestures included, for the platform's menu. */
  readonly commands: readonly CommandSummary[];
  /**
   * Takes what happened on the platform. Resolves after the commit: only then may the platform be told that its
   * update arrived. Rejects when nothing was written; the same update must then be handed over again. Handing over
   * twice is harmless.
   */
  receive(inbound: Inbound): Promise<void>;
  /** Somebody of the team types in a thread. Not kept. */
  typing(thread: ThreadRef, operator: Operator): void;
  /**
   * The connection broke in a way the bridge noticed while listening. The engine shows it, and pauses posting where that
   * makes sense. With `catchUp`, to be told within half a minute: until then the engine believes that everything is heard.
   */
  broken(error: unknown): void;
  /** Listening works again. */
  healed(): void;
  /** Something may have been said that the bridge did not hear: the engine asks its `catchUp` for it, once it listens. */
  missed(): void;
}
