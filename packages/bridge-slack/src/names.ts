import { BridgeError, type Clock, type Logger } from '@pocketping/core';
import { oneLine } from '@pocketping/core/rendering';
import type { Slack } from './slack.js';

/** People whose names are remembered, and for how long. */
const REMEMBERED = 1000;
const REMEMBERED_MS = 60 * 60_000;

/** For how long Slack is not asked again for a name that it did not tell. */
const UNTOLD_MS = 30_000;

/** Milliseconds that a name may take: what somebody wrote should be stored while Slack waits for an answer. */
const PATIENCE_MS = 1500;

/** What somebody is called whose name Slack does not tell; better than an id, for the visitor sees it. */
const UNNAMED = 'Teammate';

/** The names of people, asked for once. */
export class Names {
  readonly #slack: Slack;
  readonly #known = new Map<string, { readonly name: string; readonly until: number }>();
  readonly #asking = new Map<string, Promise<string>>();

  constructor(slack: Slack) {
    this.#slack = slack;
  }

  /** Never rejects, and never takes long. */
  async of(
    userId: string,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ): Promise<string> {
    const known = this.#known.get(userId);
    if (known && known.until > clock.now()) return known.name;
    const asking =
      this.#asking.get(userId) ?? this.#ask(userId, clock, logger).finally(() => this.#asking.delete(userId));
    this.#asking.set(userId, asking);
    return asking;
  }

  async #ask(userId: string, clock: Clock, logger: Logger): Promise<string> {
    const earlier = this.#known.get(userId)?.name;
    try {
      const { user } = await this.#slack.ask(
        (web) => web.users.info({ user: userId }),
        AbortSignal.timeout(PATIENCE_MS),
      );
      const { display_name, real_name } = user?.profile ?? {};
      const names = [display_name, real_name, user?.real_name, user?.name];
      const name = names.map((each) => oneLine(each ?? '')).find((each) => each !== '') ?? UNNAMED;
      this.#remember(userId, name, clock.now() + REMEMBERED_MS);
      return name;
    } catch (err) {
      logger.debug(
        { err, code: BridgeError.isInstance(err) ? err.code : undefined },
        'Slack did not tell a name',
      );
      const name = earlier ?? UNNAMED;
      this.#remember(userId, name, clock.now() + UNTOLD_MS);
      return name;
    }
  }

  #remember(userId: string, name: string, until: number): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= REMEMBERED && !this.#known.has(userId) && oldest !== undefined)
      this.#known.delete(oldest);
    this.#known.delete(userId);
    this.#known.set(userId, { name, until });
  }
}
