import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Call,
  type Inbound,
  type Instant,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { Attendance } from './attendance.js';
import { saidSince } from './catch-up.js';
import { refusedFor, strange } from './errors.js';
import { Listening } from './listening.js';
import type { RemoteBridgeOptions } from './options.js';
import { Posting } from './posting.js';
import { copyOf, threadOf } from './refs.js';
import { render } from './render.js';
import { Server } from './server.js';
import { identityOf, sessionOf } from './session.js';
import { type Settings, settingsFrom } from './settings.js';

/** Milliseconds until a session is tried again whose id is somebody else's on the server. */
const TAKEN_MS = 10 * 60_000;

/**
 * The bridges of a PocketPing server in another process. The server has a copy of each session, which its own bridges show to
 * the team; what the team does there is heard here.
 *
 * @example
 * new RemoteBridge({ bridgeUrl: 'https://chat.example.com', apiKey: process.env.API_KEY })
 */
export class RemoteBridge implements Bridge {
  readonly name: string;
  /** What most of the server's bridges want. Commands are run there; here the prefix only stands in texts. */
  readonly commandPrefix = '/';
  /** The server takes what comes, and paces its own bridges. */
  readonly pacing: Pacing = {};
  readonly connection: string;
  /** The server's log has what the team did meanwhile. */
  readonly intermittent = true;
  readonly editing: NonNullable<Bridge['editing']>;
  readonly typing: NonNullable<Bridge['typing']>;
  readonly closing: NonNullable<Bridge['closing']>;
  readonly titles: NonNullable<Bridge['titles']>;
  readonly access: NonNullable<Bridge['access']>;
  readonly receipts: NonNullable<Bridge['receipts']>;
  readonly catchUp: NonNullable<Bridge['catchUp']>;
  readonly reconcile: NonNullable<Bridge['reconcile']>;
  readonly files: NonNullable<Bridge['files']>;
  readonly #settings: Settings;
  readonly #server: Server;
  readonly #posting: Posting;
  readonly #attendance: Attendance;
  #host: BridgeHost | undefined;
  #listening: Listening | undefined;

  /** @throws BridgeError `misconfigured` for options that cannot work, saying what to change */
  constructor(options: RemoteBridgeOptions) {
    const settings = settingsFrom(options);
    const server = new Server(settings);
    const posting = new Posting(settings, server);
    this.#settings = settings;
    this.#server = server;
    this.#posting = posting;
    this.#attendance = new Attendance(settings.origin);
    this.name = settings.name;
    this.connection = `${settings.root}#${settings.origin}`;
    this.editing = {
      edit: (posted, part, call) => posting.edit(posted, part, call),
      remove: (posted, call) => posting.remove(posted, call),
    };
    this.reconcile = { posted: (thread, nonce, call) => posting.posted(thread, nonce, call) };
    this.typing = { show: (thread, call) => posting.state(thread, 'visitor_typing', call) };
    this.closing = {
      close: (thread, call) => posting.state(thread, 'session_closed', call),
      reopen: (thread, call) => posting.state(thread, 'session_reopened', call),
    };
    this.titles = { rename: (thread, card, call) => this.#rename(thread, card, call) };
    this.access = { check: (call) => server.greet(call) };
    this.receipts = { mark: (posted, state, call) => posting.mark(posted, state, call) };
    this.catchUp = { since: (after, call) => this.#since(after, call), inOrder: true };
    this.files = { fetch: (ref, call) => server.file(ref, call) };
  }

  async start(host: BridgeHost): Promise<void> {
    const { exposesKey, root } = this.#settings;
    if (exposesKey && !this.#host) {
      host.logger.warn(
        { bridge: this.name },
        `${this.name}: apiKey goes to ${root} unencrypted, for everybody in between to read. Let bridgeUrl begin with https://, unless the network between is your own.`,
      );
    }
    this.#host = host;
    const before = this.#listening;
    // At once, so that whoever stops it in the same breath stops this start.
    const listening = new Listening(this.#server, this.#settings, host, this.#attendance);
    this.#listening = listening;
    await before?.end();
    await listening.begin();
  }

  async stop(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.end();
  }

  async open(card: SessionCard, call: Call): Promise<ThreadRef> {
    const { root, origin } = this.#settings;
    const telling = this.#server.tell({ type: 'new_session', session: sessionOf(card) }, call);
    const answer = await telling.catch((error: unknown) => {
      throw this.#isElsewhere(error) ?? error;
    });
    const { mirroredAt } = answer;
    if (mirroredAt === undefined) throw strange({ what: 'new_session', root, effect: true });
    return threadOf(origin, { sessionId: card.sessionId, mirroredAt });
  }

  /** An id that the server has from somebody else is the concern of its session, and holds up no other. */
  #isElsewhere(error: unknown): BridgeError | undefined {
    if (!BridgeError.isInstance(error) || refusedFor(error) !== 'conflict') return undefined;
    const { origin } = this.#settings;
    return new BridgeError(
      'rate_limited',
      `${error.message} Here that means another backend: let the option origin, which is "${origin}" now, be what it was when the conversation began.`,
      { cause: error, scope: 'thread', retryAfterMs: TAKEN_MS },
    );
  }

  render(note: Note): Part[] {
    return render(note);
  }

  post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    return this.#posting.post(thread, part, call);
  }

  answer(to: MessageRef, text: string, call: Call): Promise<void> {
    return this.#posting.answer(to, text, call);
  }

  /** Where the page is, and whatever else is no identity, the server knows from the beginning. */
  async #rename({ chatId, threadId }: ThreadRef, card: SessionCard, call: Call): Promise<void> {
    const identity = card.identity && identityOf(card.identity);
    const copy = copyOf(this.#settings.origin, chatId, threadId);
    if (identity) await this.#server.tell({ type: 'identity_update', ...copy, identity }, call);
  }

  #since(after: Instant, call: Call): AsyncIterable<Inbound | undefined> {
    const listening = this.#listening;
    const host = this.#host;
    if (!listening || !host) throw new BridgeError('unavailable', `${this.name} is not started.`);
    const from = { origin: this.#settings.origin, since: listening.there(after), logger: host.logger };
    return saidSince(this.#server, from, call);
  }
}
