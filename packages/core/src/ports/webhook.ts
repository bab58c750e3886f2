/** Header fields by lower-case name. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The body as it came, or what the app's own parser has made of it: a signature can only be checked over the former. */
export type WebhookBody = Uint8Array | string | { readonly parsed: unknown };

/** What a platform's server sent to us. Nothing of it is proven before the bridge has checked it. */
export interface WebhookRequest {
  readonly headers: WebhookHeaders;
  readonly body: WebhookBody;
}

/** The same while the body may still be coming: it is asked for at most once, and not for headers that are refused. */
export interface IncomingWebhook {
  readonly headers: WebhookHeaders;
  readonly body: WebhookBody | (() => Promise<WebhookBody>);
}

export interface WebhookResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Takes one request. Answers with success only when everything in it is committed; rejects, or answers otherwise,
 * when it is not, so that the platform sends it again.
 */
export type WebhookReceiver = (request: WebhookRequest) => Promise<WebhookResponse>;
