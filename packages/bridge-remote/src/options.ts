export interface RemoteBridgeOptions {
  /**
   * Where the PocketPing server is, e.g. `https://chat.example.com`, with the path that a proxy puts it under, if any.
   * Undefined, as an unset variable is, is refused.
   */
  readonly bridgeUrl: string | undefined;
  /** The server's `API_KEY`. A server without one answers its own machine only. */
  readonly apiKey?: string | undefined;
  /** Names the bridge in storage: keep it. Lower-case letters, digits and dashes, up to 32. Default: `remote`. */
  readonly name?: string | undefined;
  /**
   * Which backend this is, where several share a server: each has sessions of its own there. Keep it. Lower-case letters,
   * digits and dashes, up to 32. Default: `default`.
   */
  readonly origin?: string | undefined;
  /** How requests are made, e.g. through a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}
