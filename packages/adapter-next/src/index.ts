export { type NextEngine, type NextHandler, type NextHandlerOptions, nextHandler } from './handler.js';
export { shared } from './shared.js';
