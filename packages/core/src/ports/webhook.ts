/** What a platform's server sent to us. Nothing of it is proven before the bridge has checked it. */
export interface WebhookRequest {
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as it came, or what the app's own parser has made of it: a signature can only be checked over the former. */
  readonly body: Uint8Array | string | { readonly parsed: unknown };
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
