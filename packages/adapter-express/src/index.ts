export { type Middleware, pocketping } from './middleware.js';
