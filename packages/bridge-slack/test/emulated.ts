import type { PostCall, SessionCard } from '@pocketping/core';
import { SlackEmulator, type SlackEmulatorOptions } from '@pocketping/emulators';
import { call, hostInTest } from '@pocketping/testing';
import { onTestFinished } from 'vitest';
import { SlackBridge, type SlackBridgeOptions } from '../src/index.js';

/** A channel on an emulator, and a bridge to it in Socket Mode that was not started; both end with the test. */
export const emulated = async (
  options: Partial<SlackBridgeOptions> = {},
  emulator: SlackEmulatorOptions = {},
) => {
  const slack = await SlackEmulator.start(emulator);
  onTestFinished(() => slack.close());
  const { botToken, channelId, apiUrl, appToken } = slack;
  const bridge = new SlackBridge({ botToken, channelId, apiUrl, appToken, ...options });
  onTestFinished(() => bridge.stop());
  return { slack, bridge, ...hostInTest() };
};

export const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
};

export const postCall: PostCall = { ...call(), nonce: 'n', plain: false };
