import { bridgeContract } from '@pocketping/testing';
import { expect, it } from 'vitest';
import { modes } from './modes.js';

it('is tried in every way in which it can be set up', () => {
  expect(modes.map(({ name }) => name)).toEqual([
    'SlackBridge by the Events API',
    'SlackBridge in Socket Mode',
    'SlackBridge through an incoming webhook',
  ]);
});

for (const mode of modes) bridgeContract(mode);
