/**
 * A refusal as the Web API words it: status 200 and `{ok: false, error}`.
 * @see https://docs.slack.dev/apis/web-api/#evaluating-responses
 */
export class SlackApiError extends Error {
  constructor(
    readonly error: string,
    /** What else stands in the answer. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(error);
    this.name = 'SlackApiError';
  }
}
