export { postgresDatabase } from './postgres.js';
export { redisDatabase } from './redis.js';
export { type Absent, describeWith, type Server } from './server.js';
