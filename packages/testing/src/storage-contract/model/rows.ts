import type {
  Instant,
  LogEvent,
  Message,
  MessageLink,
  NewTask,
  Session,
  StateEntry,
  Thread,
  Visitor,
} from '@pocketping/core';

type WithoutPosition<Event> = Event extends LogEvent ? Omit<Event, 'position'> : never;

/** An event as a model can foretell it: positions grow, but by how much is the storage's own. */
export type ModelEvent = WithoutPosition<LogEvent>;

export interface ModelTask {
  task: NewTask;
  /** In the order in which they were added; the first comes first when two are due at the same instant. */
  readonly number: number;
  runAt: Instant;
  version: number;
  attempts: number;
  owner: string | null;
  leaseUntil: Instant;
  claimedVersion: number;
  /** What the storage calls it, once it has said so. */
  id?: string;
}

export interface ModelLease {
  readonly name: string;
  owner: string | null;
  /** As the storage gave it. */
  token: number;
  until: Instant;
}

/** What a commit with a `dedupe` left behind. */
export interface ModelDedupe {
  readonly scope: string;
  readonly key: string;
  readonly digest: string;
  readonly sessionId: string | null;
  readonly events: readonly ModelEvent[];
  readonly messageIds: readonly string[];
}

/**
 * What a storage must hold: lists, searched from end to end, so that nobody has to believe in an index. Everything is
 * plain, so that a copy is `structuredClone`.
 */
export interface Model {
  /** In the order of creation. */
  sessions: Session[];
  visitors: (Visitor & { readonly tokenHash: string })[];
  messages: Message[];
  log: ModelEvent[];
  /** In the order of opening. */
  threads: Thread[];
  links: MessageLink[];
  state: StateEntry[];
  dedupes: ModelDedupe[];
  tasks: ModelTask[];
  leases: ModelLease[];
  /** How many tasks were ever added. */
  added: number;
  /** The highest position that was seen. */
  position: number;
}

export const emptyModel = (): Model => ({
  sessions: [],
  visitors: [],
  messages: [],
  log: [],
  threads: [],
  links: [],
  state: [],
  dedupes: [],
  tasks: [],
  leases: [],
  added: 0,
  position: 0,
});

export const sessionOf = (model: Model, id: string): Session | undefined =>
  model.sessions.find((session) => session.id === id);

export const messageOf = (model: Model, id: string): Message | undefined =>
  model.messages.find((message) => message.id === id);

export const logOf = (model: Model, sessionId: string): ModelEvent[] =>
  model.log.filter((event) => event.sessionId === sessionId);
