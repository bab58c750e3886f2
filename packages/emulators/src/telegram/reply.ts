import { ApiError } from './errors.js';

/** What comes back for a call, whatever carries it. */
export type Reply =
  | {
      readonly end: 'answer';
      readonly status: number;
      readonly type: string;
      readonly body: string | Uint8Array<ArrayBuffer>;
      readonly headers?: Readonly<Record<string, string>>;
      /** The second half of the body, if it is kept back: it comes late, or the connection is cut instead. */
      readonly rest?: { readonly afterMs: number; readonly comes: boolean };
    }
  /** No answer: the connection is cut. */
  | { readonly end: 'cut' };

/** @see https://core.telegram.org/bots/api#making-requests */
export const result = (value: unknown): Reply => json(200, { ok: true, result: value });

/** What the platform says to a call that it refuses; anything but an ApiError is a fault of the emulator's own. */
export function refusal(error: unknown): Reply {
  const { code, description, parameters } =
    error instanceof ApiError ? error : new ApiError(500, `Internal Server Error: ${String(error)}`);
  return json(code, { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) });
}

/** What the web server in front of the API says when the API does not answer. */
export const badGateway = (): Reply => ({ end: 'answer', status: 502, type: 'text/html', body: page });

const json = (status: number, value: unknown): Reply => ({
  end: 'answer',
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

const page = `<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx/1.18.0</center>
</body>
</html>
`;
