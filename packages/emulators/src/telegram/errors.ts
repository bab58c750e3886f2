/** What `parameters` of a refusal may say. @see https://core.telegram.org/bots/api#responseparameters */
export interface ResponseParameters {
  /** Seconds to wait before the request may be repeated. */
  readonly retry_after?: number;
  /** The supergroup that the group has become. */
  readonly migrate_to_chat_id?: number;
}

/** A refusal as the Bot API words it: `{ok: false, error_code, description, parameters}`. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: ResponseParameters,
  ) {
    super(description);
    this.name = 'ApiError';
  }
}

/** 400 with the platform's prefix. */
export const badRequest = (what: string): ApiError => new ApiError(400, `Bad Request: ${what}`);

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized');

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

export const forbidden = (what: string): ApiError => new ApiError(403, `Forbidden: ${what}`);

/** What any call that writes into a basic group is told once the group has become a supergroup. */
export const migrated = (to: number): ApiError =>
  new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: to });

/** What a poller is told while updates go to a webhook. */
export const webhookActive = (): ApiError =>
  new ApiError(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );

/** What a waiting poller is told when a webhook is set. */
export const webhookSet = (): ApiError => new ApiError(409, 'Conflict: terminated by setWebhook request');

/** What the older of two pollers is told when a second one arrives. */
export const anotherPoller = (): ApiError =>
  new ApiError(
    409,
    'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  );

/** @param retryAfter seconds */
export const tooManyRequests = (retryAfter: number): ApiError =>
  new ApiError(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
