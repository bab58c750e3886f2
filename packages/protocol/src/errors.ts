import { z } from 'zod';

/**
 * Every code an error body may carry, with its HTTP status.
 * Clients branch on the code; the message is for people and may change.
 */
export const ERROR_STATUS = {
  invalid_json: 400,
  validation_failed: 400,
  unauthorized: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  /** The team keeps this visitor out. */
  blocked: 403,
  not_found: 404,
  session_not_found: 404,
  message_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  message_deleted: 409,
  session_ended: 409,
  identity_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  upgrade_required: 426,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const errorCodes = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]];

/** The body of every answer that is not a success. */
export const errorBody = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    /** Names the request in the server's log. */
    requestId: z.string(),
    /** For `validation_failed`: which field, and what is wrong with it. */
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
