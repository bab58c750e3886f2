import { LocalBroker } from '@pocketping/core';
import { brokerContract } from '@pocketping/testing';

brokerContract({ name: 'LocalBroker', create: async ({ logger }) => new LocalBroker({ logger }) });
