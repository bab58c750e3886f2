import type { EventNote, Identity, MessageNote, Note, SessionCard, ThreadRef } from '@pocketping/core';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  having,
  lacks,
  opened as openedThread,
  postCall,
} from './fixture.js';
import { card, message } from './samples.js';

/** A way for a stranger's text onto the platform. */
export interface Deed {
  /** What the text stands for, and how it gets there. */
  readonly name: string;
  /** Only a part of the text may be shown, or in another form: an address's path in a title. */
  readonly inPart?: true;
  /** @param text the stranger's */
  do(fixture: BridgeFixture, thread: ThreadRef, text: string): Promise<void>;
}

/** Every text of a stranger in every place, put there in every manner that the bridge has. */
export const everyDeed = (contract: BridgeContract): Deed[] => [
  ...NOTES.flatMap(([name, note]) => [false, true].map((plain) => posted(name, note, plain))),
  ...IN_JSON.flatMap(([name, note]) =>
    [false, true].map((plain): Deed => ({ ...posted(name, note, plain), inPart: true })),
  ),
  ...(lacks(contract, 'editing')
    ? []
    : NOTES.filter(([name]) => CHANGING.test(name)).flatMap(([name, note]) =>
        [false, true].map((plain) => edited(name, note, plain)),
      )),
  ...CARDS.flatMap(([name, change]) => [
    opened(name, change),
    ...(lacks(contract, 'titles') ? [] : [renamed(name, change)]),
  ]),
  ...(contract.sendOnly ? [] : [answered]),
];

type Written = readonly [name: string, note: (text: string, session: SessionCard) => Note];

const named = (name: string) => ({ kind: 'operator', id: '1', name }) as const;
const BOB = named('Bob');
const says = (change: Partial<MessageNote>): MessageNote => ({ ...message('hello'), ...change });

const known = (change: Partial<Identity>) => ({ identity: { name: 'Ada', verified: false, ...change } });
const visiting = (change: SessionCard['metadata']) => ({ metadata: change });

const happened = ({ sessionId }: SessionCard, what: Pick<EventNote, 'name' | 'data' | 'count'>): Note => ({
  kind: 'event',
  sessionId,
  at: 0,
  ...what,
});

/** What a session tells of a visitor. */
const CARDS: readonly (readonly [name: string, change: (text: string) => Partial<SessionCard>])[] = [
  ['name', (name) => known({ name })],
  ['e-mail', (email) => known({ email })],
  ['phone', (phone) => known({ phone })],
  ['id', (id) => known({ id })],
  ['customer', (customerId) => known({ customerId })],
  ['a field of the site', (value) => known({ metadata: { plan: value } })],
  ['the name of a field of the site', (key) => known({ metadata: { [key]: 'x' } })],
  ['page title', (pageTitle) => visiting({ pageTitle })],
  ['URL', (url) => visiting({ url })],
  ['path of the URL', (path) => visiting({ url: `https://shop.example/${path}` })],
  ['referrer', (referrer) => visiting({ referrer })],
  ['user agent', (userAgent) => visiting({ userAgent })],
  ['language', (language) => visiting({ language })],
  ['time zone', (timezone) => visiting({ timezone })],
  ['screen', (screenResolution) => visiting({ screenResolution })],
  ['IP', (ip) => visiting({ ip })],
];

/** Notes that hold a text. */
const NOTES: readonly Written[] = [
  ...CARDS.flatMap(([name, change]): Written[] => [
    [`card: ${name}`, (text, session) => ({ kind: 'card', card: { ...session, ...change(text) } })],
    [`identity: ${name}`, (text, session) => ({ kind: 'identity', card: { ...session, ...change(text) } })],
  ]),
  ['message', (content) => says({ content })],
  ['message that was changed', (content) => says({ content, edited: true })],
  ['operator', (content) => says({ author: BOB, content })],
  ['operator: name', (name) => says({ author: named(name) })],
  ['operator: where', (via) => says({ author: { ...BOB, via } })],
  ['AI', (content) => says({ author: { kind: 'ai', id: 'ai', name: 'AI' }, content })],
  ['site', (content) => says({ author: { kind: 'apiKey', id: 'k', name: 'Site' }, content })],
  ['private note', (content) => says({ author: BOB, content, audience: 'team' })],
  ['quote', (content) => says({ replyTo: { author: BOB, content, native: false } })],
  [
    'quote of a private note',
    (content) => says({ replyTo: { author: BOB, content, audience: 'team', native: false } }),
  ],
  [
    'quote: name',
    (name) => says({ author: BOB, replyTo: { author: named(name), content: 'this?', native: false } }),
  ],
  [
    'messages',
    (content) => ({ kind: 'messages', messages: [says({}), says({ content }), says({ author: BOB })] }),
  ],
  ['messages: name', (name) => ({ kind: 'messages', messages: [says({}), says({ author: named(name) })] })],
  ['recap', (content) => ({ kind: 'recap', messages: [{ author: BOB, content }, says({})] })],
  ['recap: name', (name) => ({ kind: 'recap', messages: [{ author: named(name), content: 'x' }] })],
  ['closed by', (name) => ({ kind: 'closed', by: named(name) })],
  ['reopened by', (name) => ({ kind: 'reopened', by: named(name) })],
  ['notice', (text) => ({ kind: 'notice', text })],
  ['event', (name, session) => happened(session, { name })],
  ['event with data', (name, session) => happened(session, { name, data: { plan: 'pro' }, count: 2 })],
  ['departure', () => ({ kind: 'departure' })],
];

/** As JSON has it, which is not as it was written. */
const IN_JSON: readonly Written[] = [
  ['event: data', (text, session) => happened(session, { name: 'x', data: { plan: text, list: [text] } })],
  [
    'event: name of a field',
    (text, session) => happened(session, { name: 'x', data: { [text]: { [text]: 1 } } }),
  ],
];

/** What is changed once it is posted: no recap, for no message is linked to it. */
const CHANGING = /^(?:message|messages|operator|AI|quote|private note)\b/;

/** The conversation of a visitor who gave the text as their name: where all share a chat, it stands above each post. */
const sessionOf = ({ cards }: BridgeFixture, { threadId }: ThreadRef, text: string): SessionCard => ({
  ...(cards.get(threadId) as SessionCard),
  ...known({ name: text }),
});

const posted = (name: string, note: Written[1], plain: boolean): Deed => ({
  name: `${name}, posted${plain ? ' plainly' : ''}`,
  do: async (fixture, thread, text) => {
    const session = sessionOf(fixture, thread, text);
    const shown = note(text, session);
    // Behind it nobody speaks any more, and not everybody takes what comes all the same.
    const place = shown.kind === 'departure' ? await openedThread(fixture) : thread;
    for (const part of fixture.bridge.render(shown, session)) {
      await fixture.bridge.post(place, part, postCall({ plain }));
    }
  },
});

const edited = (name: string, note: Written[1], plain: boolean): Deed => ({
  name: `${name}, by a change${plain ? ' plainly' : ''}`,
  do: async (fixture, thread, text) => {
    const { bridge } = fixture;
    const session = sessionOf(fixture, thread, text);
    const [before] = bridge.render(note('before', session), session);
    const [after] = bridge.render(note(text, session), session);
    if (!before || !after) return;
    const post = await bridge.post(thread, before, postCall());
    await having(bridge, 'editing').edit(post, after, { ...call(), plain });
  },
});

let sessions = 0;

const newSession = (): SessionCard => card({ sessionId: `sess_text${String(++sessions).padStart(22, '0')}` });

const opened = (name: string, change: (text: string) => Partial<SessionCard>): Deed => ({
  name: `a thread: ${name}`,
  inPart: true,
  do: async ({ bridge }, _, text) => {
    await bridge.open({ ...newSession(), ...change(text) }, call());
  },
});

/** In a thread of its own, for a platform may let one be renamed only now and then. */
const renamed = (name: string, change: (text: string) => Partial<SessionCard>): Deed => ({
  name: `a title: ${name}`,
  inPart: true,
  do: async ({ bridge }, _, text) => {
    const session = newSession();
    const thread = await bridge.open({ ...session, ...known({ name: 'Zoe' }) }, call());
    await having(bridge, 'titles').rename(thread, { ...session, ...change(text) }, call());
  },
});

const answered: Deed = {
  name: 'an answer to what somebody wrote',
  do: async ({ bridge, platform, host }, thread, text) => {
    const written = await platform.write(thread, 'hello?');
    await host.next();
    await bridge.answer({ ...written, threadId: thread.threadId }, text, call());
  },
};
