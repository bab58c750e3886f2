import { describe } from 'vitest';
import { describeCatchUp } from './bridge-contract/catch-up.js';
import { describeDisorder } from './bridge-contract/disorder.js';
import { describeFailures } from './bridge-contract/failures.js';
import { describeFiles } from './bridge-contract/files.js';
import type { BridgeContract } from './bridge-contract/fixture.js';
import { describeInbound } from './bridge-contract/inbound.js';
import { describeInboundFiles } from './bridge-contract/inbound-files.js';
import { describeInjection } from './bridge-contract/injection.js';
import { describeNotes } from './bridge-contract/notes.js';
import { describePosting } from './bridge-contract/posting.js';
import { describeReceipts } from './bridge-contract/receipts.js';
import { describeReplies } from './bridge-contract/replies.js';
import { describeSharedChat } from './bridge-contract/shared-chat.js';
import { describeSharedReplies } from './bridge-contract/shared-replies.js';
import { describeSilence } from './bridge-contract/silence.js';
import { describeSpeakers } from './bridge-contract/speakers.js';
import { describeText } from './bridge-contract/text.js';
import { describeThreads } from './bridge-contract/threads.js';
import { describeWebhook } from './bridge-contract/webhook.js';

export { streamOf } from './bridge-contract/file-samples.js';
export { type BridgeContract, call, type FilesContract } from './bridge-contract/fixture.js';
export type {
  Live,
  PlatformCalls,
  PlatformDisorder,
  PlatformFault,
  PlatformFiles,
  PlatformProbe,
  Reading,
  SeenFile,
  SeenMessage,
  SeenThread,
  SentFile,
} from './bridge-contract/probe.js';
export { noteWithFiles } from './bridge-contract/samples.js';

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
    describeNotes(contract);
    describeSpeakers(contract);
    if (contract.threadless) describeSharedChat(contract);
    else describeThreads(contract);
    describePosting(contract);
    describeReplies(contract);
    describeText(contract);
    describeInjection(contract);
    describeFailures(contract);
    if (contract.files) describeFiles(contract, contract.files);
    if (contract.sendOnly) return describeSilence(contract);
    describeInbound(contract);
    describeDisorder(contract);
    if (contract.files) describeInboundFiles(contract, contract.files);
    if (contract.receipts) describeReceipts(contract);
    if (contract.catchUp) describeCatchUp(contract);
    if (contract.threadless) describeSharedReplies(contract);
    if (contract.webhook) describeWebhook(contract);
  });
};
