export { SlackBridge } from './bridge.js';
export type { SlackBridgeOptions } from './options.js';
