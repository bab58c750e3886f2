import { describe } from 'vitest';
import { describeFailures } from './bridge-contract/failures.js';
import type { BridgeContract } from './bridge-contract/fixture.js';
import { describeInbound } from './bridge-contract/inbound.js';
import { describePosting } from './bridge-contract/posting.js';
import { describeText } from './bridge-contract/text.js';
import { describeThreads } from './bridge-contract/threads.js';

export type { BridgeContract } from './bridge-contract/fixture.js';
export type { PlatformFault, PlatformProbe, SeenMessage, SeenThread } from './bridge-contract/probe.js';

/**
 * What every bridge must do, on a platform that people and accidents can be played on.
 *
 * @example
 * bridgeContract({
 *   name: 'TelegramBridge',
 *   create: async () => {
 *     const telegram = await TelegramEmulator.start();
 *     return { bridge: new TelegramBridge({ … }), platform: probe(telegram) };
 *   },
 * });
 */
export const bridgeContract = (contract: BridgeContract): void => {
  describe(`${contract.name} keeps the bridge contract`, () => {
    describeThreads(contract);
    describePosting(contract);
    describeText(contract);
    describeFailures(contract);
    describeInbound(contract);
  });
};
