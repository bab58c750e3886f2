export * from './bridge-capabilities.js';
export * from './bridge-contract.js';
export * from './broker-contract.js';
export * from './clock.js';
export * from './http-contract.js';
export * from './logger.js';
export * from './quick-start-contract.js';
export * from './storage-contract.js';
