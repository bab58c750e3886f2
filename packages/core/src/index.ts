export * from './clock.js';
export type * from './conversation/conversation.js';
export * from './errors.js';
export type * from './health.js';
export type * from './model/index.js';
export type * from './ports/index.js';
