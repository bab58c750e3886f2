/** What a platform posted. */
export interface Posted {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a platform's posts reach the nodes: over HTTP, unless they are held up. All of them are remembered. */
export class Mail {
  readonly posted: Posted[] = [];
  /** Nothing arrives; the platform is told to try again. */
  held = false;

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.posted.push({ headers: Object.fromEntries(new Headers(init.headers)), body: String(init.body) });
    return this.held ? new Response(null, { status: 503 }) : fetch(url, init);
  };

  /** The first post that holds some words. */
  with(words: string): Posted | undefined {
    // Slack escapes what JSON need not.
    return this.posted.find(({ body }) => body.replaceAll('\\/', '/').includes(words));
  }
}
