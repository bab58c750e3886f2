import { readFileSync } from 'node:fs';
import { SlackEmulator } from '@pocketping/emulators';
import { bridgeReadme, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SlackBridge, type SlackBridgeOptions } from '../src/index.js';
import { MESSAGE_LENGTH, PACING, SIGNATURE_SECONDS } from '../src/limits.js';

const readme = bridgeReadme(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
const webhookUrl = 'https://hooks.slack.com/services/T0/B0/x';

describe('the README', () => {
  it('has code that works: a conversation from the website to the channel and back', async () => {
    const slack = await SlackEmulator.start();
    onTestFinished(() => slack.close());
    const visitor = await visitorInTest(await runExample(slack), 'browser-1');

    await visitor.say('Do you ship to Poland?');
    const post = await slack.waitForMessage(({ text }) => text === 'Do you ship to Poland?');
    const threadTs = post.threadTs as string;
    const ada = slack.operator({ name: 'Ada' });
    // Slack repeats itself, and the visitor does not see it.
    slack.deliverTimes(3, 4);
    const typed = ada.type(threadTs, 'Yes, within three days 🚚');
    await eventually(async () => {
      expect((await visitor.messages()).at(-1)).toMatchObject({
        content: 'Yes, within three days 🚚',
        author: { kind: 'operator', name: 'Ada', via: 'slack' },
      });
    });

    ada.edit(typed.ts, 'Yes, within two days');
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe('Yes, within two days'));

    await visitor.edit('Do you ship to Poland?', 'And to Peru?');
    await slack.waitForMessage(({ ts, text }) => ts === post.ts && text === 'And to Peru?');

    ada.delete(typed.ts);
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe(''));

    ada.type(threadTs, '@PocketPing close');
    await slack.waitForMessage(
      ({ ts, reactions }) => ts === threadTs && reactions.some(({ name }) => name === 'lock'),
    );
    await visitor.say('One more thing');
    await slack.waitForMessage(
      ({ text, threadTs: there }) => text === 'One more thing' && there === threadTs,
    );
    await slack.waitForMessage(({ ts, reactions }) => ts === threadTs && reactions.length === 0);
    expect(slack.messages()).toHaveLength(1);
    expect(await visitor.sees()).toEqual(['And to Peru?', '', 'One more thing']);
  });

  it('names every option', () => {
    const options: Record<keyof SlackBridgeOptions, true> = {
      botToken: true,
      channelId: true,
      appToken: true,
      signingSecret: true,
      webhookUrl: true,
      showUrl: true,
      showMetadata: true,
      name: true,
      pacing: true,
      apiUrl: true,
      fetch: true,
    };
    expect(readme.options().sort()).toEqual(Object.keys(options).sort());
  });

  it('has examples of other options that work', () => {
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_CHANNEL_ID: 'C0123456789',
      SLACK_SIGNING_SECRET: 'x',
      SLACK_WEBHOOK_URL: webhookUrl,
    };
    const bridges = readme.otherBridges({ imports: { SlackBridge }, env }) as SlackBridge[];
    expect(bridges.map(({ webhook, threadless }) => [webhook !== undefined, threadless])).toEqual([
      [true, undefined],
      [false, true],
    ]);
  });

  it('names the limits that hold', () => {
    expect(PACING.chat).toMatchObject({ calls: 4, perMs: 4000 });
    for (const figure of [
      'one message a second',
      `${MESSAGE_LENGTH} characters`,
      `${SIGNATURE_SECONDS} seconds`,
    ]) {
      expect(readme.text).toContain(figure);
    }
  });

  it('has a manifest that asks for what the bridge demands', async () => {
    const manifest = JSON.parse(/```json\n(.*?)```/s.exec(readme.text)?.[1] ?? '') as {
      oauth_config: { scopes: { bot: string[] } };
    };
    const slack = await SlackEmulator.start({ scopes: manifest.oauth_config.scopes.bot });
    onTestFinished(() => slack.close());
    await runExample(slack);
  });
});

/** Nobody waits for the pace of the real Slack. */
const AT_ONCE = { chat: { calls: 100, perMs: 1000 } };

/** Runs the README's code as it stands, but for where Slack is. */
const runExample = (slack: SlackEmulator) => {
  class There extends SlackBridge {
    constructor(options: SlackBridgeOptions) {
      super({ ...options, apiUrl: slack.apiUrl, pacing: AT_ONCE });
    }
  }
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_CHANNEL_ID: slack.channelId,
    SLACK_APP_TOKEN: slack.appToken,
  };
  return readme.runExample({ imports: { SlackBridge: There }, env });
};
