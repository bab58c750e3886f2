import type { Message, Session, StoragePort } from '@pocketping/core';
import type { ChatState } from '../../../packages/widget/src/client/state.js';
import type { Remains } from '../../kill/lives.js';
import type { App } from '../apps/app.js';
import type { Ledger, Said } from '../ledger.js';
import type { Plan } from '../plan.js';
import type { Death } from '../trial.js';
import type { Interruption } from '../troubles.js';

/** What there is to look at when a run is over. */
export interface Evidence extends Remains {
  readonly plan: Plan;
  readonly apps: readonly App[];
  readonly ledger: Ledger;
  /** What each visitor sees in the end. */
  readonly shown: readonly ChatState[];
  readonly deaths: readonly Death[];
  readonly interruptions: readonly Interruption[];
}

/** A session as the storage has it, and the utterances that its messages are. */
export interface Stored {
  readonly session: Session;
  /** Oldest first, deleted ones included. */
  readonly messages: readonly Message[];
}

/** The evidence, with what the storage holds. */
export interface Case extends Evidence {
  readonly storage: StoragePort;
  /** By the number of the visitor. */
  readonly sessions: readonly Stored[];
  /** By the number of the utterance. */
  readonly messageOf: ReadonlyMap<number, Message>;
  readonly utteranceOf: ReadonlyMap<string, Said>;
  /** Collects what does not agree; all of it tells more than the first. */
  readonly wrong: (what: string) => void;
}
