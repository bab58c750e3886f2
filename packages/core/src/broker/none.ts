import type { Broker } from '../ports/broker.js';

const unsubscribe = Promise.resolve(() => {});

/**
 * For an engine that is alone: there is nobody to tell, and no part of an engine waits for what it published itself.
 * Then a followed session costs no subscription.
 */
export const noBroker: Broker = {
  publish: () => {},
  subscribe: () => unsubscribe,
  close: async () => {},
};
