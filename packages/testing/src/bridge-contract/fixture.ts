import type {
  Bridge,
  BridgeHost,
  Call,
  Inbound,
  Part,
  PostCall,
  PostedRef,
  SessionCard,
  ThreadRef,
  WebhookReceiver,
} from '@pocketping/core';
import { systemClock } from '@pocketping/core';
import { afterEach, beforeEach } from 'vitest';
import { recordingLogger } from '../logger.js';
import type { PlatformProbe } from './probe.js';
import { card, message } from './samples.js';

/** What most bridges have, and the contract asks for unless told otherwise. */
export const CAPABILITIES = ['editing', 'typing', 'titles', 'closing'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface BridgeContract {
  /** Names the suite, e.g. `TelegramBridge`. */
  readonly name: string;
  /** The bridge is for a chat that all conversations share: in the place of the tests of threads come those of telling conversations apart. */
  readonly threadless?: true;
  /** The platform calls the bridge; its probe has `calls`. `signed`: it signs the body as it stands, so that a parsed one proves nothing. */
  readonly webhook?: true | 'signed';
  /**
   * The bridge posts and hears nothing, e.g. through an incoming webhook: the tests of what the team does are left out, and
   * those of native replies. Where it cannot change its posts either, it need not know their ids.
   */
  readonly sendOnly?: true;
  /** The platform knows no replies to a message, or lets no bot make them: a post quotes what it answers. */
  readonly quotes?: true;
  /** Each message has a post of its own: several are rendered to a part for each, so that the engine never has them share one. */
  readonly apart?: true;
  /**
   * What people type as a command is obeyed on the platform itself: the bridge hands over what follows from it, as a command
   * that nobody typed. Its probe obeys `close`, and `note` with words behind it.
   */
  readonly obeys?: true;
  /** The platform itself shows who the visitor is: a card is rendered to nothing. */
  readonly ownCards?: true;
  /** People can mention the bot; the probe has `mention`. */
  readonly mentions?: true;
  /** The bridge has `receipts`. */
  readonly receipts?: true;
  /** The bridge has `catchUp`. */
  readonly catchUp?: true;
  /** The bridge has `files` and posts files, and its probe has `files`. */
  readonly files?: FilesContract;
  /** The platform may tell of an edit, or where it tells of them of a deletion, before it tells of the message. */
  readonly overtaking?: true | 'deletions too';
  /** What the bridge cannot do, of what most can: exactly that, and the tests of it are left out. A `threadless` one has neither titles nor closing anyway. */
  readonly lacks?: readonly Capability[];
  /** A bridge that was not started, and its platform with nothing on it. Called for every test. */
  create(): Promise<{ bridge: Bridge; platform: PlatformProbe }>;
}

export interface FilesContract {
  /** Bytes of the largest file that the bridge posts. */
  readonly posts: number;
  /** Bytes of the largest file that the platform hands over to a bridge, where it has a limit. */
  readonly fetches?: number;
  /** A `ref` of the bridge's form, for a file that the platform has not. */
  readonly gone: string;
}

/** Without threads there is nothing to name or to close. */
export const lacks = ({ threadless, lacks: named }: BridgeContract, capability: Capability): boolean =>
  (threadless === true && (capability === 'titles' || capability === 'closing')) ||
  (named?.includes(capability) ?? false);

/** The capability of a bridge that has it, by its contract. */
export const having = <Name extends Capability>(bridge: Bridge, name: Name): NonNullable<Bridge[Name]> => {
  const capability = bridge[name];
  if (!capability) throw new Error(`The bridge has no \`${name}\`: its contract should say so in \`lacks\``);
  return capability as NonNullable<Bridge[Name]>;
};

/** One test's bridge, started, with its platform and its host. */
export interface BridgeFixture {
  readonly bridge: Bridge;
  readonly platform: PlatformProbe;
  readonly host: RecordingHost;
  /** What takes the platform's calls, where it makes any. */
  readonly receiver: WebhookReceiver | undefined;
  /** The sessions of the threads that were opened, by thread. */
  readonly cards: Map<string, SessionCard>;
}

/** Starts a bridge before every test of the suite and stops it afterwards. */
export const startedBridge = ({ create }: BridgeContract): (() => BridgeFixture) => {
  let fixture: BridgeFixture;
  beforeEach(async () => {
    const { bridge, platform } = await create();
    const host = recordingHost();
    const receiver = bridge.webhook?.receiver(host);
    platform.calls?.connect(receiver);
    fixture = { bridge, platform, host, receiver, cards: new Map() };
    await bridge.start(host);
  });
  afterEach(async () => {
    fixture.host.accept();
    await fixture.bridge.stop();
    await fixture.platform.close();
  });
  return () => fixture;
};

/** Takes what a bridge hands over, and can hesitate or refuse. */
export interface RecordingHost extends BridgeHost {
  /** Everything that was handed over, refused or not. */
  readonly received: readonly Inbound[];
  /** Resolves with the first thing that was handed over and not asked for yet. */
  next(): Promise<Inbound>;
  /** From now on `receive` rejects. */
  refuse(): void;
  /** From now on `receive` neither resolves nor rejects, until `accept` or `refuse`. */
  hesitate(): void;
  /** From now on, and where it hesitated, `receive` resolves. */
  accept(): void;
}

export const recordingHost = (): RecordingHost => {
  const received: Inbound[] = [];
  const asked: ((inbound: Inbound) => void)[] = [];
  const hesitating: { resolve(): void; reject(error: Error): void }[] = [];
  let told = 0;
  let mood: 'accept' | 'refuse' | 'hesitate' = 'accept';
  const refusal = () => new Error('The storage is away');
  const tell = () => {
    while (told < received.length && asked.length > 0) asked.shift()?.(received[told++] as Inbound);
  };
  return {
    logger: recordingLogger(),
    clock: systemClock,
    commands: [{ name: 'close', summary: 'Closes the conversation' }],
    received,
    next: () =>
      new Promise((resolve) => {
        asked.push(resolve);
        tell();
      }),
    refuse: () => {
      mood = 'refuse';
      for (const { reject } of hesitating.splice(0)) reject(refusal());
    },
    hesitate: () => {
      mood = 'hesitate';
    },
    accept: () => {
      mood = 'accept';
      for (const { resolve } of hesitating.splice(0)) resolve();
    },
    receive: async (inbound) => {
      received.push(inbound);
      tell();
      if (mood === 'refuse') throw refusal();
      if (mood === 'hesitate') {
        await new Promise<void>((resolve, reject) => hesitating.push({ resolve, reject }));
      }
    },
    typing: () => {},
    broken: () => {},
    healed: () => {},
    missed: () => {},
  };
};

/** What the engine hands a bridge with each call, here of one that nobody ends. */
export const call = (): Call => ({ signal: new AbortController().signal });

let posts = 0;

export const postCall = (options: Partial<PostCall> = {}): PostCall => ({
  ...call(),
  nonce: `post-${++posts}`,
  plain: false,
  ...options,
});

let sessions = 0;

/** A thread of a session of its own. */
export const opened = async (
  { bridge, cards }: Pick<BridgeFixture, 'bridge' | 'cards'>,
  change: Partial<SessionCard> = {},
): Promise<ThreadRef> => {
  const sessionId = `sess_${String(++sessions).padStart(26, '0')}`;
  const session = card({ sessionId, ...change });
  const thread = await bridge.open(session, call());
  cards.set(thread.threadId, session);
  return thread;
};

/** A thread in which somebody can write: where all share one chat, there is something in it to reply to. */
export const conversation = async (
  fixture: BridgeFixture,
): Promise<{ thread: ThreadRef; first?: PostedRef }> => {
  const thread = await opened(fixture);
  if (!fixture.bridge.threadless) return { thread };
  const [first] = await said(fixture, thread, 'Is anybody there?');
  return { thread, first: first as PostedRef };
};

/** A visitor's message as it is posted in a thread. */
export const partsOf = ({ bridge, cards }: BridgeFixture, { threadId }: ThreadRef, content: string): Part[] =>
  bridge.render(message(content), cards.get(threadId) as SessionCard);

export const partOf = (fixture: BridgeFixture, thread: ThreadRef, content: string): Part =>
  partsOf(fixture, thread, content)[0] as Part;

/** Renders a visitor's message and posts every part of it. */
export const said = async (
  fixture: BridgeFixture,
  thread: ThreadRef,
  content: string,
  options: Partial<PostCall> = {},
): Promise<PostedRef[]> => {
  const posted: PostedRef[] = [];
  for (const part of partsOf(fixture, thread, content)) {
    posted.push(await fixture.bridge.post(thread, part, postCall(options)));
  }
  return posted;
};
