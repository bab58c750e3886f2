export { RemoteBridge } from './bridge.js';
export type { RemoteBridgeOptions } from './options.js';
