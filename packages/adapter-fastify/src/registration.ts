import type { Logger } from '@pocketping/core';

/**
 * What keeps a plugin from being registered with whoever called it. Everything else would fail later, and say less.
 * `version`: https://fastify.dev/docs/latest/Reference/Server/#version
 */
export function whyNotHere(caller: unknown): TypeError | undefined {
  const { version, register } = (caller ?? {}) as { readonly version?: unknown; readonly register?: unknown };
  if (typeof register !== 'function') {
    return new TypeError(
      'PocketPing: this is a plugin for Fastify, app.register(plugin, { prefix }), and what called it is not Fastify. In an Express app mount ' +
        '@pocketping/adapter-express (npm install @pocketping/adapter-express), on node:http @pocketping/adapter-node.',
    );
  }
  const major = typeof version === 'string' ? Number.parseInt(version, 10) : 0;
  if (major >= 5) return undefined;
  const found = major > 0 ? `Fastify ${version as string}` : 'an older Fastify';
  return new TypeError(
    `PocketPing: the plugin is for Fastify 5, and this is ${found}. npm install fastify@5`,
  );
}

/** What `register` itself understands: https://fastify.dev/docs/latest/Reference/Plugins/#plugin-options */
const OF_FASTIFY: ReadonlySet<string> = new Set(['prefix', 'logLevel', 'logSerializers']);

/** An option that was meant for the plugin, and that `register` got, must not be missing in silence: it may be what keeps others out. */
export function warnOfLostOptions(options: object, logger: Logger): void {
  const lost = Object.keys(options ?? {}).filter((name) => !OF_FASTIFY.has(name));
  if (lost.length === 0) return;
  logger.warn(
    { options: lost },
    `register() was given ${lost.join(', ')}, which has no effect there: it knows Fastify's own options. Ours belong where the plugin is made, ` +
      `pocketping(pp, { ${lost[0]}: … }), or new PocketPing({ … }) of @pocketping/sdk-node.`,
  );
}
