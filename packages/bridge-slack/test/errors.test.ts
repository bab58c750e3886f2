import type { BridgeError } from '@pocketping/core';
import { call } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { webhookError } from '../src/errors.js';
import { SlackBridge } from '../src/index.js';
import { card, emulated, postCall } from './emulated.js';

const part = {
  markup:
    '[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"hello"}]}]}]',
  plain: 'hello',
};

describe('what Slack refuses', () => {
  it.each([
    ['channel_not_found', 'misconfigured', /channelId/],
    ['not_in_channel', 'unauthorized', /\/invite/],
    ['is_archived', 'misconfigured', /Unarchive/],
    ['invalid_auth', 'unauthorized', /OAuth & Permissions/],
    ['token_revoked', 'unauthorized', /OAuth & Permissions/],
    ['missing_scope', 'unauthorized', /Reinstall/],
    ['restricted_action_thread_only_channel', 'unauthorized', /administrator/],
    ['thread_not_found', 'thread_gone', /./],
    ['cannot_reply_to_message', 'thread_gone', /./],
    ['message_not_found', 'message_gone', /./],
    ['msg_too_long', 'invalid', /./],
    ['msg_blocks_too_long', 'invalid', /./],
    ['invalid_blocks', 'invalid', /./],
    ['something_new', 'invalid', /something_new/],
    ['ratelimited', 'rate_limited', /./],
    ['internal_error', 'uncertain', /./],
    ['fatal_error', 'uncertain', /./],
    ['<html>', 'uncertain', /./],
  ])('%s is %s', async (description, code, says) => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.fault({ kind: 'refuse', method: 'chat.postMessage', description });
    const error: BridgeError = await bridge.post(thread, part, postCall).then(
      () => Promise.reject(new Error('it was posted')),
      (reason: BridgeError) => reason,
    );
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(slack.botToken);
  });

  it.each(['edit_window_closed', 'cant_update_message'])(
    'as an edit (%s) is refused, and not taken for a message that is gone',
    async (description) => {
      const { slack, bridge } = await emulated();
      const thread = await bridge.open(card, call());
      const posted = await bridge.post(thread, part, postCall);
      slack.fault({ kind: 'refuse', method: 'chat.update', description, times: 2 });
      await expect(bridge.editing?.edit(posted, part, postCall)).rejects.toMatchObject({ code: 'invalid' });
      await expect(bridge.titles?.rename(thread, card, call())).rejects.toMatchObject({ code: 'invalid' });
    },
  );

  it('without saying for how long is waited for all the same', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.fault({ kind: 'refuse', method: 'chat.postMessage', code: 429, description: 'ratelimited' });
    await expect(bridge.post(thread, part, postCall)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 30_000,
    });
  });

  it('for its limits names the channel, and for how long', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.fault({ kind: 'rate_limit', method: 'chat.postMessage', retryAfter: 12 });
    await expect(bridge.post(thread, part, postCall)).rejects.toMatchObject({
      code: 'rate_limited',
      scope: 'chat',
      retryAfterMs: 12_000,
    });
  });
});

describe('an incoming webhook', () => {
  it.each([
    [400, 'invalid_payload', 'invalid'],
    [400, 'no_text', 'invalid'],
    [403, 'action_prohibited', 'unauthorized'],
    [404, 'no_service', 'unauthorized'],
    [410, 'channel_is_archived', 'unauthorized'],
    [429, 'ratelimited', 'rate_limited'],
    [500, 'rollup_error', 'uncertain'],
    [502, '<html>secret</html>', 'uncertain'],
  ])('that answers %i %s is %s', (status, words, code) => {
    const error = webhookError(status, words, null);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret');
  });

  it.each([
    ['connect ETIMEDOUT 192.0.2.1:443', 'unavailable'],
    ['read ETIMEDOUT', 'uncertain'],
  ])('that cannot be reached, "%s", is %s', async (message, code) => {
    const cause = Object.assign(new Error(message), { code: 'ETIMEDOUT' });
    const bridge = new SlackBridge({
      webhookUrl: 'https://hooks.slack.com/services/T/B/x',
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
    });
    const thread = await bridge.open(card, call());
    await expect(bridge.post(thread, part, postCall)).rejects.toMatchObject({ code });
  });

  it('heeds for how long Slack says to wait', () => {
    expect(webhookError(429, 'ratelimited', '7').retryAfterMs).toBe(7000);
  });

  it('that is gone says what to do, and never its address', async () => {
    const { slack } = await emulated();
    const bridge = new SlackBridge({ webhookUrl: `${slack.webhookUrl}x` });
    const thread = await bridge.open(card, call());
    const error: Error = await bridge.post(thread, part, postCall).then(
      () => Promise.reject(new Error('it was posted')),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/404 no_service.*Incoming Webhooks/);
    expect(error.message).not.toContain(new URL(slack.webhookUrl).pathname);
  });
});
