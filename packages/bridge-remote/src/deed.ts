import { BridgeError, type Part } from '@pocketping/core';
import type { BridgeEventInput, Sender } from '@pocketping/protocol';

/** What one post tells the server: an event without ids, and without the session that it is about. */
export type Deed = Said | Notice | Happened | { readonly type: 'session_ended' };

export interface Said {
  readonly type: 'said';
  readonly speaker: Speaker;
  readonly content: string;
}

export interface Notice {
  readonly type: 'notice';
  readonly text: string;
}

/** Something happened on the visitor's page. */
export interface Happened {
  readonly type: 'custom_event';
  readonly event: Extract<BridgeEventInput, { type: 'custom_event' }>['event'];
}

export type TeamSender = Exclude<Sender, 'visitor'>;

/** Who says something. */
export type Speaker =
  | { readonly sender: 'visitor' }
  | {
      readonly sender: TeamSender;
      /** What people call them, and where they write. */
      readonly senderName: string;
      /** To the team only. */
      readonly isNote?: true;
    };

/** A part's `markup` is the deed itself: what the server's bridges make of it is their concern. */
export const markupOf = (deed: Deed): string => JSON.stringify(deed);

export const deedOf = ({ markup }: Part): Deed => JSON.parse(markup) as Deed;

/** The words of a part that a message shows. @throws BridgeError `invalid` for a part that is no message */
export const saidIn = (part: Part): Said => {
  const deed = deedOf(part);
  if (deed.type === 'said') return deed;
  throw new BridgeError('invalid', 'Only a message can be changed.');
};

type Message = Extract<BridgeEventInput, { type: 'visitor_message' }>['message'];
type About = Pick<Extract<BridgeEventInput, { type: 'visitor_message' }>, 'id' | 'sessionId' | 'mirroredAt'>;

/** The event by which a message appears. */
export const sayingOf = ({ sender, ...who }: Speaker, about: About, message: Message): BridgeEventInput =>
  sender === 'visitor'
    ? { type: 'visitor_message', ...about, message }
    : { type: 'operator_message', ...about, message: { ...message, sender, ...who } };
