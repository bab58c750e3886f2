export { DiscordBridge } from './bridge.js';
export type { DiscordBotOptions, DiscordBridgeOptions, DiscordWebhookOptions } from './options.js';
