import { describe, expect, it } from 'vitest';
import { DiscordBridge, type DiscordBridgeOptions } from '../src/index.js';

const good = { botToken: 'MTIz.abc.def-ghi', channelId: '123456789012345678' };
const webhookUrl = 'https://discord.com/api/webhooks/123456789012345678/a-Secret_1';

describe('options', () => {
  it.each([
    [{ ...good, botToken: undefined }, /botToken is missing.*Reset Token/],
    [{ ...good, botToken: '  ' }, /botToken is missing/],
    [{ ...good, botToken: 'nonsense' }, /three parts/],
    [{ ...good, channelId: undefined }, /channelId is missing.*Copy Channel ID/],
    [{ ...good, channelId: 123 as unknown as string }, /pass it as a string/],
    [{ ...good, channelId: '#support' }, /17 to 20 digits/],
    [{ ...good, apiRoot: 'discord.com' }, /apiRoot/],
    [{ ...good, name: 'My Discord' }, /lower-case/],
    [{ ...good, name: 'x'.repeat(33) }, /32/],
    [{ ...good, pacing: { thread: { calls: 0, perMs: 1 } } }, /pacing\.thread\.calls/],
    [
      { ...good, pacing: { thread: { calls: 0.5, perMs: 1000 } } },
      /pacing\.thread\.calls must be a whole number/,
    ],
    [{ ...good, pacing: { bot: { calls: 1, perMs: 0 } } }, /pacing\.bot\.perMs/],
    [
      { ...good, pacing: { server: { calls: 1, perMs: 1000 } } as DiscordBridgeOptions['pacing'] },
      /pacing\.server does not exist/,
    ],
    [{ webhookUrl: 'https://discord.com/api/webhooks/1' }, /Copy Webhook URL/],
    [{ webhookUrl: 'https://discord.com/channels/1/2' }, /Copy Webhook URL/],
    [{ webhookUrl: `${webhookUrl}?thread_id=support` }, /Copy Thread ID/],
    [{ ...good, webhookUrl } as unknown as DiscordBridgeOptions, /webhookUrl alone/],
    [{ webhookUrl: undefined }, /botToken is missing/],
  ] as [DiscordBridgeOptions, RegExp][])('refuses %j', (options, words) => {
    expect(() => new DiscordBridge(options)).toThrow(words);
    try {
      new DiscordBridge(options);
    } catch (error) {
      expect(error).toMatchObject({ code: 'misconfigured' });
      expect(String(error)).not.toContain('a-Secret_1');
      expect(String(error)).not.toContain('def-ghi');
    }
  });

  it('takes what people paste', () => {
    expect(new DiscordBridge({ ...good, botToken: ` Bot ${good.botToken} ` }).name).toBe('discord');
    for (const host of ['discord.com', 'ptb.discord.com', 'canary.discord.com', 'discordapp.com']) {
      const pasted = webhookUrl.replace('discord.com', host).replace('/api/', '/api/v10/');
      expect(new DiscordBridge({ webhookUrl: `${pasted}?wait=true` }).threadless).toBe(true);
    }
  });
});
