import { bridgeContract } from '@pocketping/testing';
import { expect, it } from 'vitest';
import { modes } from './modes.js';

it('is tried in every way in which it can be set up', () => {
  expect(modes.map(({ name }) => name)).toEqual([
    'TelegramBridge in a forum, by polling,',
    'TelegramBridge in a forum, by webhook,',
    "TelegramBridge in a person's chat, by polling,",
    "TelegramBridge in a person's chat, by webhook,",
    'TelegramBridge in a group, by polling,',
    'TelegramBridge in a group, by webhook,',
    'TelegramBridge in a supergroup without topics, by polling,',
    'TelegramBridge in a supergroup without topics, by webhook,',
  ]);
});

for (const mode of modes) bridgeContract(mode);
