import { bridgeContract, type PlatformProbe } from '../src/bridge-contract.js';
import { type Paper, paperBridge } from './paper/bridge.js';
import { PaperPlatform } from './paper/platform.js';

/** A platform on paper keeps every part of the contract, so that every part can be kept. */
const create = (paper: Paper) => async () => {
  const platform = new PaperPlatform();
  return { bridge: paperBridge(platform, paper), platform: probe(platform) };
};

const probe = (platform: PaperPlatform): PlatformProbe => ({
  threads: async () => platform.open,
  thread: async ({ threadId }) => {
    if (!platform.open.some((thread) => thread.threadId === threadId)) return null;
    const title = platform.titles.get(threadId);
    return {
      typing: platform.typing.has(threadId),
      closed: platform.closed.has(threadId),
      ...(title !== undefined && { title }),
    };
  },
  messages: async (thread) => platform.seen(thread),
  readings: async () => [
    ...[...platform.titles.values()].map((text) => ({ text, live: [] })),
    ...platform.sheets.filter(({ ours }) => ours).map(({ text }) => ({ text, live: [] })),
  ],
  write: async (thread, text, { replyTo } = {}) => {
    const sheet = platform.add(thread, {
      text,
      ours: false,
      ...(replyTo && { replyTo: replyTo.platformId }),
    });
    platform.tell(sheet, false);
    return sheet.ref;
  },
  edit: async (message, text) => {
    const sheet = platform.sheet(message);
    sheet.text = text;
    sheet.version++;
    platform.tell(sheet, true);
  },
  remove: async (message) => platform.remove(message),
  removeThread: async ({ threadId }) => {
    platform.open.splice(
      platform.open.findIndex((thread) => thread.threadId === threadId),
      1,
    );
  },
  operator: platform.operator,
  fail: async (fault) => platform.fail(fault),
  unconfirmed: async () => platform.unheard,
  disorder: {
    deliverTimes: (times) => platform.deliverTimes(times),
    replay: () => platform.replay(),
    reverse: (count) => platform.reverse(count),
  },
  close: async () => {},
});

const able = { receipts: true, catchUp: true, overtaking: true } as const;
bridgeContract({ name: 'A bridge that can do everything', ...able, create: create('full') });
bridgeContract({ name: 'A bridge without replies', quotes: true, ...able, create: create('quoting') });
bridgeContract({
  name: 'A bridge that hears nothing',
  sendOnly: true,
  lacks: ['typing'],
  create: create('silent'),
});
