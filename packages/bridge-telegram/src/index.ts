export { TelegramBridge } from './bridge.js';
export type { TelegramBridgeOptions } from './options.js';
