export { createExchange, type Exchange } from './exchange.js';
export { failure } from './failure.js';
export type { Engine, HttpOptions } from './options.js';
export { DEFAULT_RATE_LIMITS, type LimitName, type RateLimit, type RateLimits } from './rate-limits.js';
export type { Route } from './route.js';
export { routes } from './routes.js';
export type { Sockets, UpgradeInput } from './socket.js';
export type { SocketEvents, SocketWire } from './socket-session.js';
export type * from './wire.js';
