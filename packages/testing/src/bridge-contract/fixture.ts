import type { Bridge, BridgeHost, Call, Inbound, PostCall, PostedRef, ThreadRef } from '@pocketping/core';
import { systemClock } from '@pocketping/core';
import { afterEach, beforeEach } from 'vitest';
import { recordingLogger } from '../logger.js';
import type { PlatformProbe } from './probe.js';
import { card, message } from './samples.js';

export interface BridgeContract {
  /** Names the suite, e.g. `TelegramBridge`. */
  readonly name: string;
  /** A bridge that was not started, and its platform with nothing on it. Called for every test. */
  create(): Promise<{ bridge: Bridge; platform: PlatformProbe }>;
}

/** One test's bridge, started, with its platform and its host. */
export interface BridgeFixture {
  readonly bridge: Bridge;
  readonly platform: PlatformProbe;
  readonly host: RecordingHost;
}

/** Starts a bridge before every test of the suite and stops it afterwards. */
export const startedBridge = ({ create }: BridgeContract): (() => BridgeFixture) => {
  let fixture: BridgeFixture;
  beforeEach(async () => {
    fixture = { ...(await create()), host: recordingHost() };
    await fixture.bridge.start(fixture.host);
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

const recordingHost = (): RecordingHost => {
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
  };
};

/** A call that nobody ends. */
export const call = (): Call => ({ signal: new AbortController().signal });

let posts = 0;

export const postCall = (options: Partial<PostCall> = {}): PostCall => ({
  ...call(),
  nonce: `post-${++posts}`,
  plain: false,
  ...options,
});

export const opened = ({ bridge }: BridgeFixture): Promise<ThreadRef> => bridge.open(card(), call());

/** Renders a visitor's message and posts every part of it. */
export const said = async (
  { bridge }: BridgeFixture,
  thread: ThreadRef,
  content: string,
  options: Partial<PostCall> = {},
): Promise<PostedRef[]> => {
  const posted: PostedRef[] = [];
  for (const part of bridge.render(message(content), card())) {
    posted.push(await bridge.post(thread, part, postCall(options)));
  }
  return posted;
};
