import { BridgeError } from '@pocketping/core';

/** An option that cannot work. The message says what to change. */
export const wrong = (message: string): BridgeError =>
  new BridgeError('misconfigured', `SlackBridge: ${message}`);
