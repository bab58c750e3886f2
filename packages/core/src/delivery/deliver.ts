import { digest } from '../access/token.js';
import { BridgeError } from '../errors.js';
import type { Attachment, LogEntry, LogEvent, Message } from '../model/index.js';
import { postNext } from './batch.js';
import { mayRise } from './dead-letter.js';
import { awaitNextRun, type Doubt, doubtOf, postponed, resolved } from './doubt.js';
import { showEvents, showWaitingEvents } from './events.js';
import { cardOf, deliveredUpTo, isOfNoConcern, type Lane, reached, record } from './lane.js';
import { isOutdated, linksHere } from './links.js';
import { editPosts, findRest, removePosts, retryPost } from './message.js';
import { introduce, openThread, retire } from './open.js';
import { isCode } from './post.js';
import { inSteps, noteSteps, threadStep } from './steps.js';

const PAGE = 50;
/** A lane that has shown this many entries, or has taken this long, lets the others go first. */
const SLICE_ENTRIES = 5;
const SLICE_MS = 15_000;
/** For how long an edit gives way to messages while the budget is nearly used up, and how often it asks again. */
const PATIENT_MS = 60_000;
const ASK_AGAIN_MS = 5000;
const FETCH_AGAIN_MS = 30_000;

/**
 * Brings one session's thread up to the log, or a slice of the way.
 * @param doubtful an earlier run may have posted something that it could not record
 * @returns `done` when the thread shows everything, `again` when there is more, or when there will be.
 * @throws BridgeError when the platform does not let it go on now.
 * @throws Postponed when it may have gone on, and nobody can tell.
 */
export const deliver = async (at: Ports, sessionId: string, doubtful: boolean): Promise<Outcome> => {
  const found = await at.engine.storage.session(sessionId);
  // What happens on the page alone opens no thread.
  if (found?.reachedAt === undefined) return 'done';
  const doubt = doubtful ? await doubtOf(at, found.id) : undefined;
  if (doubt) awaitNextRun(at, doubt);
  const { thread, session, opened } = await openThread(at, found).catch(async (error: unknown) => {
    if (isCode(error, 'uncertain')) throw await postponed(at, found.id, doubt, error);
    throw error;
  });
  const lane: Lane = {
    ...at,
    thread,
    session: opened ? found : session,
    position: thread.deliveredSeq,
    heldAt: undefined,
    cardSeq: 0,
    doubtful: doubtful && !opened,
    alone: false,
    events: undefined,
    hasEdited: false,
    doubt: opened && doubt ? runsOf(doubt) : doubt,
    openedNow: opened,
    closedNow: false,
  };
  try {
    const outcome = await bringUp(lane);
    if (outcome === 'again') return outcome;
    const afterMs = await showWaitingEvents(lane);
    await keepClosed(lane);
    // What it was about is not to be shown any more.
    if (lane.doubt) await record(lane, { state: resolved(lane) });
    return afterMs > 0 ? { afterMs } : 'done';
  } catch (error) {
    if (isCode(error, 'uncertain')) throw await postponed(at, found.id, lane.doubt, error);
    if (!isCode(error, 'thread_gone')) throw error;
    await retire(lane);
    // A thread that took little or nothing is followed by another one only after a pause, though it took its card.
    if (reached(lane) > 0 && !opened) return 'again';
    const reason = new Error('a new thread takes no post', { cause: error });
    throw await postponed(at, found.id, doubt && runsOf(doubt), reason);
  }
};

/** `afterMs`: when to look again, though everything else is shown. */
export type Outcome = 'done' | 'again' | { readonly afterMs: number };

type Ports = Pick<Lane, 'engine' | 'platform' | 'fence'>;

/** Of the doubts about a thread, what holds for its successor too: no call was made there. */
const runsOf = ({ call: _, ...runs }: Doubt): Doubt => runs;

const bringUp = async (lane: Lane): Promise<'done' | 'again'> => {
  const { clock, storage } = lane.engine;
  let until = clock.now() + SLICE_MS;
  let shown = 0;
  for (;;) {
    const page = await storage.events(lane.session.id, { after: lane.position, limit: PAGE });
    for (const entry of page) {
      const { seq } = entry.event;
      if (seq <= lane.position) continue;
      if (shown >= SLICE_ENTRIES || clock.now() > until) {
        if (lane.heldAt !== undefined) throw giveWay();
        return 'again';
      }
      letOthersGo(lane);
      lane.closedNow &&= isOfNoConcern(lane, entry.event) && entry.event.origin !== lane.thread.bridge;
      if (await show(lane, entry)) {
        shown++;
        // The time for which a change waited is not taken from the messages behind it.
        if (isChange(entry)) until = clock.now() + SLICE_MS;
      }
      if (seq > lane.position) lane.position = seq;
    }
    if (page.length < PAGE) break;
    // A long run without anything to show is not read again.
    await record(lane, deliveredUpTo(lane, lane.position));
  }
  if (lane.heldAt !== undefined) throw giveWay();
  return 'done';
};

/** What was posted in a closed thread, or changed there, may have opened it. */
const keepClosed = async (lane: Lane): Promise<void> => {
  const { closing } = lane.platform.bridge;
  if (!closing?.postsReopen || lane.session.status !== 'closed' || lane.closedNow) return;
  const seq = lane.position;
  await threadStep(lane, `closed/${seq}`, (ref, signal) => closing.close(ref, { signal })).run();
};

const isChange = ({ event }: LogEntry): boolean =>
  event.type === 'message_edited' || event.type === 'message_deleted';

const asItIsNow = ({ engine }: Lane, { message }: LogEntry): Promise<Message | null> =>
  message ? engine.storage.message(message.id) : Promise.resolve(null);

/** While the platform refuses this thread, its lane is better used by another one. */
const letOthersGo = ({ platform, thread }: Lane): void => {
  const retryAfterMs = platform.pausedFor(thread);
  if (retryAfterMs === 0) return;
  throw new BridgeError('rate_limited', 'The thread has to wait.', { retryAfterMs, scope: 'thread' });
};

const isUnderWay = ({ status }: Attachment): boolean => status === 'fetching';

/** Whoever brings the file wakes the bridge; what was said after it waits, so that it stays in its place. */
const notHereYet = () =>
  new BridgeError('rate_limited', 'A file is still on its way here.', {
    retryAfterMs: FETCH_AGAIN_MS,
    scope: 'thread',
  });

const giveWay = () =>
  new BridgeError('rate_limited', 'Edits give way to messages.', {
    retryAfterMs: ASK_AGAIN_MS,
    scope: 'thread',
  });

/** Makes the platform show one entry and commits that it does. @returns whether there was anything to show. */
const show = async (lane: Lane, entry: LogEntry): Promise<boolean> => {
  const { event } = entry;
  if (isOfNoConcern(lane, event)) return false;
  // It may have changed since the page was read, and the platform may show that already: posts are made of what is said now.
  const message = isChange(entry) ? await asItIsNow(lane, entry) : entry.message;
  switch (event.type) {
    case 'message':
      if (!message) return false;
      if (message.attachments?.some(isUnderWay)) throw notHereYet();
      if (message.deletedAt === undefined) return postNext(lane, entry);
      await findRest(lane, message, message.version - 1);
      return false;
    case 'message_deleted':
      if (!message) return false;
      return removePosts(lane, event, message);
    case 'message_edited':
      if (!message || message.deletedAt !== undefined) return false;
      if (await givesWay(lane, event, message)) {
        lane.heldAt ??= lane.position;
        return false;
      }
      if (lane.heldAt !== undefined && !(await needsEdit(lane, message))) return false;
      if (await isOutdated(lane, message)) lane.hasEdited = true;
      await editPosts(lane, event, message);
      await record(lane, deliveredUpTo(lane, event.seq));
      return true;
    case 'custom_event':
      return showEvents(lane, event);
  }
  // What is not tied to a message would be shown twice if the cursor stayed behind it.
  if (lane.heldAt !== undefined) throw giveWay();
  switch (event.type) {
    case 'session_started':
      await introduce(lane, event.seq);
      return true;
    case 'message_retried':
      if (!message) return false;
      await retryPost(lane, event, message);
      return true;
    case 'identified':
      return showIdentity(lane, event);
    case 'session_reopened':
    case 'session_closed':
    case 'session_ended':
      await showStatus(lane, event);
      return true;
    case 'card_requested':
      await showCard(lane, event);
      return true;
    case 'visitor_blocked':
    case 'visitor_unblocked':
      await showBlock(lane, event);
      return true;
    case 'notice':
      await showNotice(lane, event, event.data.text);
      return true;
    case 'ai_takeover':
      await showNotice(lane, event, takeoverText(event.data));
      return true;
    case 'read':
      return false;
  }
};

/** Whether an edit that is to be made leaves the budget to messages for now: a new one does, and all but the first of the others. */
const givesWay = async (lane: Lane, event: LogEvent, message: Message): Promise<boolean> => {
  const { engine, platform, thread } = lane;
  if (lane.heldAt === undefined) {
    if (!platform.isPressed(thread)) return false;
    if (!lane.hasEdited && engine.clock.now() - event.at >= PATIENT_MS) return false;
  }
  return isOutdated(lane, message);
};

/** Whether anything on the platform shows an earlier version of a message. */
const needsEdit = async (lane: Lane, message: Message): Promise<boolean> => {
  const links = (await linksHere(lane, message)).filter(({ direction }) => direction === 'out');
  return links.length === 0 ? mayRise(lane, message) : links.some(({ version }) => version < message.version);
};

const showIdentity = async (lane: Lane, event: LogEvent): Promise<boolean> => {
  // The card says it already.
  if (event.seq <= lane.cardSeq) return false;
  const { titles } = lane.platform.bridge;
  const session = (await lane.engine.storage.session(lane.session.id)) ?? lane.session;
  const card = cardOf(session);
  // What was shown of an earlier identity does not count for this one.
  const step = `${stepOf(event)}/${digest(JSON.stringify(card.identity ?? null))}`;
  const rename = titles && threadStep(lane, step, (ref, signal) => titles.rename(ref, card, { signal }));
  const note = noteSteps(lane, { kind: 'identity', card }, step);
  await inSteps(lane, step, rename ? [rename, ...note] : note, deliveredUpTo(lane, event.seq));
  // Later changes up to here are in this note.
  lane.cardSeq = session.seq;
  return true;
};

/** Somebody there asked who the visitor is. */
const showCard = async (lane: Lane, event: LogEvent): Promise<void> => {
  const session = (await lane.engine.storage.session(lane.session.id)) ?? lane.session;
  const note = { kind: 'card', card: cardOf(session) } as const;
  await inSteps(lane, stepOf(event), noteSteps(lane, note, stepOf(event)), deliveredUpTo(lane, event.seq));
};

/** The team keeps the visitor out, or lets them in again. */
const showBlock = async (lane: Lane, event: LogEvent): Promise<void> => {
  const by = event.actor.name ?? 'The team';
  const { commandPrefix } = lane.platform.bridge;
  const text =
    event.type === 'visitor_blocked'
      ? `${by} blocked this visitor: nothing they write arrives any more. ${commandPrefix}unblock lets them in again.`
      : `${by} unblocked this visitor: they can write again.`;
  await showNotice(lane, event, text);
};

const showNotice = (lane: Lane, event: LogEvent, text: string): Promise<void> =>
  inSteps(
    lane,
    stepOf(event),
    noteSteps(lane, { kind: 'notice', text }, stepOf(event)),
    deliveredUpTo(lane, event.seq),
  );

const takeoverText = ({ active, reason }: { active: boolean; reason?: string }): string => {
  const why = reason === undefined ? '' : ` (${reason})`;
  return active
    ? `The AI answers from here on${why}. It stops as soon as somebody of the team writes.`
    : `The AI has stopped answering${why}.`;
};

/** The conversation was closed, opened again, or ended. */
const showStatus = async (lane: Lane, event: LogEvent): Promise<void> => {
  const { closing } = lane.platform.bridge;
  const { actor: by, type } = event;
  const step = stepOf(event);
  const final = deliveredUpTo(lane, event.seq);
  if (type === 'session_reopened') {
    const reopen = closing && threadStep(lane, step, (ref, signal) => closing.reopen(ref, { signal }));
    const steps = reopen ? [reopen] : noteSteps(lane, { kind: 'reopened', by }, step);
    return inSteps(lane, step, steps, final);
  }
  const note = noteSteps(
    lane,
    type === 'session_closed' ? { kind: 'closed', by } : { kind: 'departure' },
    step,
  );
  const close = closing && threadStep(lane, step, (ref, signal) => closing.close(ref, { signal }));
  await inSteps(lane, step, close ? [...note, close] : note, final);
  lane.closedNow = type === 'session_closed';
};

const stepOf = ({ type, seq }: LogEvent): string => `${type}/${seq}`;
