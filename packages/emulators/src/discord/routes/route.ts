import type { UploadedFile } from '../attachments.js';
import type { Guild } from '../guild.js';
import type { Nonces } from '../nonces.js';

/** What a route needs to know. */
export interface RouteContext {
  readonly guild: Guild;
  readonly nonces: Nonces;
  /** Where the gateway is, for clients that came this way. */
  readonly gatewayUrl: string;
}

export interface RouteInput {
  /** What stands in the address in the places of the names. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
}

export interface Route {
  /** As the documentation writes it, such as `POST /channels/{channel}/messages`. */
  readonly name: string;
  /** It works without the bot's token: the address itself holds a secret. */
  readonly open?: true;
  /** @throws DiscordApiError @returns the answer's body; undefined for 204 */
  run(context: RouteContext, input: RouteInput): unknown;
}
