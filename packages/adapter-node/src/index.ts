export type { Engine } from '@pocketping/http';
export { createHandler, type Handler, type HandlerOptions } from './handler.js';
