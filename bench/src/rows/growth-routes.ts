import { get, inTurn, messages, newcomers, post } from '../load/requests.js';
import type { Populated, Visitor } from '../server/control.js';

/** One thing that visitors do, at the size that a store has. */
export interface Route {
  readonly name: string;
  /** Rounds end after as many requests: what writes would let a young store grow up within a round. */
  readonly most?: number;
  /** Messages that a young store's long session has; 100 without it. */
  readonly youngMessages?: number;
  readonly requests: (populated: Populated, port: number) => Promise<() => string>;
}

const WRITES = 10_000;
/** Each read raises the watermark by one more message of the team's, and a young session has not many. */
const READS = 2000;
/** Visitors who are there at the same time, wherever in the store their sessions stand. */
export const ACTIVE = 1000;

export const routes: readonly Route[] = [
  { name: 'connect-new', most: WRITES, requests: async () => newcomers() },
  { name: 'connect-resume', requests: async ({ visitors }) => resumes(active(visitors)) },
  // The worst case: everybody whom the store has ever seen comes once, so that nothing is at hand.
  { name: 'connect-resume-cold', requests: async ({ visitors }) => resumes(shuffled(visitors)) },
  { name: 'message', most: WRITES, requests: async ({ visitors }) => messages(active(visitors)) },
  { name: 'message-cold', most: WRITES, requests: async ({ visitors }) => messages(shuffled(visitors)) },
  {
    name: 'messages-newest',
    requests: async (populated) => page(longOf(populated), () => '/messages?limit=50'),
  },
  {
    name: 'messages-older',
    requests: async (populated) =>
      page(longOf(populated), (seq) => `/messages?limit=50&before=${middle(seq) + 26}`),
  },
  {
    name: 'events',
    // Near the end: who is further behind than the log reaches back is told to reload, which is no page.
    requests: async (populated, port) => {
      const long = longOf(populated);
      const newest = await seqNow(long, port);
      return page(long, () => `/events?limit=50&after=${newest - 75}`);
    },
  },
  {
    name: 'read',
    most: READS,
    youngMessages: 2 * READS + 200,
    requests: async (populated, port) => readings(longOf(populated), port),
  },
  // The last: what it writes is longer than what a young store's pages hold.
  { name: 'message-long', most: WRITES, requests: async (populated) => messages([longOf(populated)]) },
];

const active = (visitors: readonly Visitor[]): Visitor[] => shuffled(visitors).slice(0, ACTIVE);

const resumes = (visitors: readonly Visitor[]): (() => string) =>
  inTurn(
    visitors.map(({ sessionId, token }) => {
      const request = post('/connect', JSON.stringify({ visitorId: 'visitor', sessionId }), token);
      return () => request;
    }),
  );

const longOf = ({ long }: Populated): Visitor => {
  if (!long) throw new Error('there is no long conversation');
  return long;
};

const middle = (seq: number): number => Math.floor(seq / 2);

/** The newest seq, which rows before this one have moved on. */
async function seqNow({ sessionId, token }: Visitor, port: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/pocketping/messages?sessionId=${sessionId}&limit=1`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { messages } = (await answer.json()) as { messages: Received[] };
  const [newest] = messages;
  if (!newest) throw new Error('the long conversation has no message');
  return newest.seq;
}

/** The same page again and again. */
const page = ({ sessionId, token, seq }: Visitor, path: (seq: number) => string): (() => string) => {
  const request = get(`${path(seq)}&sessionId=${sessionId}`, token);
  return () => request;
};

/** `POST /read` of one message of the team's after the other. */
async function readings({ sessionId, token }: Visitor, port: number): Promise<() => string> {
  const ids: string[] = [];
  let after = 0;
  for (let hasMore = true; hasMore; ) {
    const url = `http://127.0.0.1:${port}/pocketping/messages?sessionId=${sessionId}&after=${after}&limit=100`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const got = (await answer.json()) as { messages: Received[]; hasMore: boolean };
    for (const { id, sender } of got.messages) if (sender === 'operator') ids.push(id);
    after = got.messages.at(-1)?.seq ?? after;
    hasMore = got.hasMore;
  }
  let at = 0;
  return () => {
    const id = ids[at++];
    if (id === undefined) throw new Error('everything has been read');
    return post('/read', JSON.stringify({ sessionId, messageIds: [id], status: 'read' }), token);
  };
}

interface Received {
  readonly id: string;
  readonly seq: number;
  readonly sender: string;
}

/** In an order that no cache foresees. */
const shuffled = <T>(values: readonly T[]): T[] => {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
};
