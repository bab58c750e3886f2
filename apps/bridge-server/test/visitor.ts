/** What the server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly body: any;
}

/** A visitor's browser, as far as the protocol goes. */
export interface Visitor {
  readonly sessionId: string;
  readonly connected: Answer['body'];
  send(content: string, attachmentIds?: readonly string[]): Promise<Answer>;
  /** Announces a file. */
  announce(name: string, size: number): Promise<Answer>;
  /** Brings a file, wherever the server says, and returns its id. */
  upload(name: string, bytes: Uint8Array): Promise<string>;
  /** What they see of the conversation. */
  sees(): Promise<string[]>;
  messages(): Promise<Answer['body'][]>;
}

export const call = async (
  url: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const { method = init.body === undefined ? 'GET' : 'POST', body, headers } = init;
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
};

/** @param connecting what its browser tells besides */
export const visitor = async (
  url: string,
  connecting: { metadata?: object; headers?: Record<string, string> } = {},
): Promise<Visitor> => {
  const { metadata, headers } = connecting;
  const { body: connected } = await call(`${url}/connect`, {
    body: { visitorId: `vis_${Math.random()}`, ...(metadata && { metadata }) },
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0', ...headers },
  });
  const { sessionId, token } = connected;
  const authorization = `Bearer ${token}`;
  const post = (path: string, body: object) =>
    call(`${url}${path}`, { body: { sessionId, ...body }, headers: { authorization } });
  const messages = async () =>
    (await call(`${url}/messages?sessionId=${sessionId}`, { headers: { authorization } })).body.messages;
  return {
    sessionId,
    connected,
    messages,
    send: (content, attachmentIds) => post('/message', { content, ...(attachmentIds && { attachmentIds }) }),
    announce: (name, size) => post('/upload', { name, size }),
    async upload(name, bytes) {
      const { body: ticket } = await post('/upload', { name, size: bytes.length });
      const where = new URL(ticket.uploadUrl, url);
      const direct = where.origin !== new URL(url).origin;
      const brought = await fetch(where, {
        method: ticket.method,
        headers: { ...ticket.headers, ...(!direct && { authorization }) },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      if (!brought.ok) throw new Error(`${brought.status}: ${await brought.text()}`);
      const { attachmentId } = ticket;
      await post('/upload/complete', { attachmentId });
      return attachmentId;
    },
    sees: async () => (await messages()).map(({ content }: { content: string }) => content),
  };
};

/** A picture of one pixel. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
