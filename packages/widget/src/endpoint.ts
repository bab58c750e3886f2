import type { Options } from './options.js';

/** Absolute, without a trailing slash. Throws if it is no address at all. */
export const absoluteEndpoint = ({ endpoint }: Options): string =>
  new URL(endpoint, location.href).href.replace(/\/+$/, '');
