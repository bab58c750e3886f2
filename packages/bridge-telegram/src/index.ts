export { TelegramBridge } from './bridge.js';
export type { TelegramBridgeOptions, TelegramWebhookOptions } from './options.js';
