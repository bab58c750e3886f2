export type * from './actor.js';
export type * from './attachment.js';
export type * from './event.js';
export type * from './link.js';
export type * from './message.js';
export type * from './session.js';
export type * from './task.js';
