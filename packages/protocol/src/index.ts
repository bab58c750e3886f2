export * from './errors.js';
export * from './frames.js';
export * from './ids.js';
export * from './limits.js';
export * from './message.js';
export * from './requests.js';
export * from './text.js';
export * from './visitor.js';
