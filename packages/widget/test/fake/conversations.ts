import type { EventData, Frame, SessionStatus, Watermarks, WireMessage } from '@pocketping/protocol';
import { FakeFiles } from './files.js';

/** A frame that is an entry of the log. */
export type LogFrame = Extract<Frame, { seq?: number | undefined }> & { seq: number };

export interface FakeSession {
  readonly sessionId: string;
  readonly visitorId: string;
  status: SessionStatus;
  seq: number;
  log: LogFrame[];
  messages: WireMessage[];
  read: Watermarks;
}

/** The server's side of the protocol, in memory, with the team at the test's fingertips. */
export class FakeConversations {
  readonly tokens = new Map<string, string>();
  readonly secrets = new Map<string, { visitorId: string; token: string }>();
  readonly sessions = new Map<string, FakeSession>();
  readonly identities = new Map<string, unknown>();
  readonly listeners = new Set<(session: FakeSession, frame: Frame) => void>();
  readonly files = new FakeFiles((prefix) => this.id(prefix));
  /** Custom events that pages triggered, oldest first. */
  readonly triggered: { sessionId: string; name: string; data?: unknown }[] = [];
  /** Those that came with an id, by session and id. */
  readonly taken = new Map<string, string>();
  online = true;
  operators: string[] = ['Ada'];
  welcomeMessage: string | undefined = 'Welcome! What can we do for you?';
  private count = 0;

  id(prefix: string): string {
    this.count += 1;
    return `${prefix}${String(this.count).padStart(4, '0')}`;
  }

  /** The latest session of anybody. */
  get latest(): FakeSession {
    return [...this.sessions.values()].at(-1)!;
  }

  visitor(): { visitorId: string; token: string } {
    const made = { visitorId: this.id('vis_'), token: this.id('token-') };
    this.tokens.set(made.token, made.visitorId);
    return made;
  }

  open(visitorId: string): FakeSession {
    const session: FakeSession = {
      sessionId: this.id('sess_'),
      visitorId,
      status: 'open',
      // A cursor is opaque: it need not begin at zero.
      seq: 100,
      log: [],
      messages: [],
      read: { operatorDelivered: 0, operatorRead: 0, visitorRead: 0 },
    };
    this.sessions.set(session.sessionId, session);
    return session;
  }

  /** What the log says next; holes in `seq` are normal. */
  append(session: FakeSession, type: LogFrame['type'], data: unknown): number {
    session.seq += 3;
    const frame = { type, seq: session.seq, data } as LogFrame;
    session.log.push(frame);
    this.tell(session, frame);
    return session.seq;
  }

  tell(session: FakeSession, frame: Frame): void {
    for (const listener of this.listeners) listener(session, frame);
  }

  write(session: FakeSession, fields: Partial<WireMessage> & { content: string }): WireMessage {
    const message = {
      id: this.id('msg_'),
      sessionId: session.sessionId,
      seq: session.seq + 3,
      sender: 'visitor' as const,
      timestamp: new Date().toISOString(),
      version: 1,
      ...fields,
    };
    session.messages.push(message);
    this.append(session, 'message', message);
    return message;
  }

  /** The team writes. */
  say(session: FakeSession, content: string, fields: Partial<WireMessage> = {}): WireMessage {
    return this.write(session, { sender: 'operator', senderName: 'Ada', ...fields, content });
  }

  change(
    session: FakeSession,
    id: string,
    fields: Partial<WireMessage>,
  ): { message: WireMessage; seq: number } {
    const index = session.messages.findIndex((message) => message.id === id);
    const before = session.messages[index]!;
    const message = { ...before, ...fields, version: before.version + 1 };
    session.messages[index] = message;
    const seq = this.append(session, fields.deletedAt ? 'message_deleted' : 'message_edited', message);
    return { message, seq };
  }

  receive(
    session: FakeSession,
    by: 'visitor' | 'operator',
    status: 'delivered' | 'read',
    upTo: number,
  ): void {
    if (by === 'visitor') session.read.visitorRead = Math.max(session.read.visitorRead, upTo);
    else {
      session.read.operatorDelivered = Math.max(session.read.operatorDelivered, upTo);
      if (status === 'read') session.read.operatorRead = Math.max(session.read.operatorRead, upTo);
    }
    this.append(session, 'read', { by, status, upTo });
  }

  /** The site's code tells a visitor something. */
  emit(session: FakeSession, name: string, data?: EventData): void {
    this.append(session, 'event', this.event(session, name, data));
  }

  /** What was emitted is too old to be told to anybody. */
  expire(session: FakeSession): void {
    session.log = session.log.filter(({ type }) => type !== 'event');
  }

  /** The site's code tells everybody who is connected something. */
  broadcast(name: string, data?: EventData): void {
    for (const session of this.sessions.values())
      this.tell(session, { type: 'event', data: this.event(session, name, data) });
  }

  private event({ sessionId }: FakeSession, name: string, data: EventData | undefined) {
    return { name, ...(data && { data }), timestamp: new Date().toISOString(), sessionId };
  }

  close(session: FakeSession, by: 'visitor' | 'operator'): void {
    session.status = by === 'visitor' ? 'ended' : 'closed';
    this.append(session, 'session_closed', { by, ended: by === 'visitor' });
  }
}
