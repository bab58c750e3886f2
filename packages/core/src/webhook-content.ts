import type { WebhookHeaders } from './ports/index.js';

/** Whether a body may be JSON by what its sender says of it. Who says nothing may send JSON. */
export const mayBeJson = (headers: WebhookHeaders): boolean => {
  const type = headers['content-type'];
  if (type === undefined) return true;
  return /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(String(type));
};
