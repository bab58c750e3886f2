export type * from './bridge.js';
export type * from './broker.js';
export type * from './clock.js';
export type * from './inbound.js';
export type * from './logger.js';
export type * from './note.js';
export type * from './storage.js';
export type * from './webhook.js';
