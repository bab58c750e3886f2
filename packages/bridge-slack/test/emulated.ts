import {
  type BridgeHost,
  type Call,
  type Inbound,
  type PostCall,
  type SessionCard,
  systemClock,
} from '@pocketping/core';
import { SlackEmulator, type SlackEmulatorOptions } from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, vi } from 'vitest';
import { SlackBridge, type SlackBridgeOptions } from '../src/index.js';

const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

/** A channel on an emulator, and a bridge to it in Socket Mode that was not started; both end with the test. */
export const emulated = async (
  options: Partial<SlackBridgeOptions> = {},
  emulator: SlackEmulatorOptions = {},
) => {
  const slack = await SlackEmulator.start(emulator);
  running.push(() => slack.close());
  const { botToken, channelId, apiUrl, appToken } = slack;
  const bridge = new SlackBridge({ botToken, channelId, apiUrl, appToken, ...options });
  running.push(() => bridge.stop());
  return { slack, bridge, ...host() };
};

/** Ends something with the test. */
export const atEnd = (end: () => Promise<unknown>): void => {
  running.push(end);
};

/** A host that keeps what it is told; `receive` can be replaced. */
export const host = () => {
  const logger = recordingLogger();
  const received: Inbound[] = [];
  const broken: unknown[] = [];
  const healed: number[] = [];
  const missed: number[] = [];
  const it: BridgeHost & { receive: BridgeHost['receive']; clock: BridgeHost['clock'] } = {
    logger,
    clock: systemClock,
    commands: [{ name: 'online', summary: 'Say that you are there' }],
    receive: async (inbound) => {
      received.push(inbound);
    },
    typing: () => {},
    broken: (error) => broken.push(error),
    healed: () => healed.push(broken.length),
    missed: () => missed.push(received.length),
  };
  return { host: it, logger, received, broken, healed, missed };
};

export const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
};

export const call = (): Call => ({ signal: new AbortController().signal });
export const postCall: PostCall = { ...call(), nonce: 'n', plain: false };

/** Waits until it holds, with patience. */
export const eventually = (holds: () => unknown): Promise<unknown> => vi.waitFor(holds, { timeout: 10_000 });
