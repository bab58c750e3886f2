import { bridgeContract } from '@pocketping/testing';
import { expect, it } from 'vitest';
import { modes } from './modes.js';

it('is tried in every way in which it can be set up', () => {
  expect(modes.map(({ name }) => name)).toEqual([
    'DiscordBridge with threads in a text channel',
    'DiscordBridge with threads in a forum channel',
    'DiscordBridge without threads',
    'DiscordBridge through a webhook',
  ]);
});

for (const mode of modes) bridgeContract(mode);
