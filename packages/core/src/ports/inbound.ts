import type { Instant } from '../model/index.js';
import type { MessageRef } from './bridge.js';

/** What somebody of the team did on a platform. */
export type Inbound = InboundMessage | InboundEdit | InboundDelete | InboundCommand;

/** A person of the team. */
export interface Operator {
  /** The platform's id of the person. */
  readonly id: string;
  readonly name: string;
}

interface InboundBase {
  readonly operator: Operator;
  readonly at: Instant;
}

interface InboundText extends InboundBase {
  /** The platform's message. */
  readonly ref: MessageRef;
  readonly content: string;
  /** What came with it; only of a bridge that has `files`. An edit does not change them. */
  readonly files?: readonly InboundFile[];
  /**
   * Orders what the platform says of one message: higher is newer. Of two deliveries with the same version the
   * second is a repetition. Above 0.
   */
  readonly version: number;
  /** The platform's message that this one answers; without threads it says which conversation is meant. */
  readonly replyTo?: MessageRef;
  /** It may be the team's own talk: what belongs to no conversation is passed over without an answer. */
  readonly aside?: true;
}

/** A file that somebody of the team sent. */
export interface InboundFile {
  /** What `files.fetch` gets it by, in the bridge's own words; kept until it has been fetched. */
  readonly ref: string;
  /** As the platform tells it; where there is none, one is made of the type. */
  readonly name?: string;
  readonly mimeType?: string;
  /** Bytes, as the platform tells it. */
  readonly size?: number;
}

export interface InboundMessage extends InboundText {
  readonly kind: 'message';
  /** The message holds something that cannot be passed on, in words that complete "… cannot be delivered yet", e.g. `Photos`. */
  readonly undeliverable?: string;
}

export interface InboundEdit extends InboundText {
  readonly kind: 'edit';
  /** When the message was first sent. */
  readonly sentAt: Instant;
  readonly undeliverable?: string;
  /**
   * The new text is a command, and this is what it asks for. Only the words of a note are changed by it; anything else is
   * answered with that commands cannot be edited, and nothing reaches the visitor.
   */
  readonly command?: CommandWords;
}

export interface InboundDelete extends InboundBase {
  readonly kind: 'delete';
  /** The message that is to go. */
  readonly ref: MessageRef;
  /**
   * The message in which a person asked for it, to be answered; absent when the platform reported a deletion. Of what the
   * bridge posted a report changes nothing: it may as well be about what the bridge itself took away.
   */
  readonly asked?: MessageRef;
  /** Beside `asked`, where the platform says that a person wrote the message: if it arrives only later, it stays unsaid. */
  readonly isPersons?: true;
}

/** A command as it was typed. */
export interface CommandWords {
  /** Lower case, without the prefix. */
  readonly name: string;
  /** What followed it, trimmed. */
  readonly args: string;
}

export interface InboundCommand extends InboundBase, CommandWords {
  readonly kind: 'command';
  readonly ref: MessageRef;
  /** It came with something that cannot be passed on, named as in `InboundMessage`: the command runs, and that is answered. */
  readonly undeliverable?: string;
  /** The platform's message that it answers; without threads it says which conversation is meant. */
  readonly replyTo?: MessageRef;
  /** The finger slipped on the prefix, so that it may have been words: what is hard to take back is then not done if more follows. */
  readonly slipped?: true;
  /** Nobody typed it: it follows from something else that was done there, and is not answered. */
  readonly implied?: boolean;
}
