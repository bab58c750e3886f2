import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { afterEach } from 'vitest';
import { SlackEmulator, type SlackEmulatorOptions } from '../src/index.js';

const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

/** An emulator and the real client; both end with the test. */
export const startSlack = async (options: SlackEmulatorOptions = {}) => {
  const slack = await SlackEmulator.start(options);
  running.push(() => slack.close());
  return { slack, web: clientOf(slack), channel: slack.channelId, ada: slack.operator({ name: 'Ada' }) };
};

export const clientOf = (slack: SlackEmulator, token: string = slack.botToken): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silence,
  });

/** Ends something with the test. */
export const atEnd = (end: () => Promise<unknown>): void => {
  running.push(end);
};

/** The clients tell of what the tests make happen. */
export const silence: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
