import type { WebhookReceiver, WebhookRequest } from '@pocketping/core';
import type { SlackEmulatorOptions } from '@pocketping/emulators';

/** A node that the emulator calls without a socket, and that can be down. */
export const callable = () => {
  let receiver: WebhookReceiver | undefined;
  const requests: WebhookRequest[] = [];
  const eventFetch = async (_: string, init: RequestInit): Promise<Response> => {
    const request = { headers: Object.fromEntries(new Headers(init.headers)), body: String(init.body) };
    requests.push(request);
    const { status, headers, body } = receiver ? await receiver(request) : { status: 503 };
    return new Response(body ?? null, { status, ...(headers && { headers }) });
  };
  return {
    emulator: {
      requestUrl: 'http://127.0.0.1:1/pocketping/webhooks/slack',
      eventFetch,
      eventRetriesMs: OFTEN,
    } satisfies SlackEmulatorOptions,
    probe: {
      connect: (next: WebhookReceiver | undefined) => {
        receiver = next;
      },
      requests: () => requests,
    },
  };
};

/** Attempts at an event, in quick succession. */
export const OFTEN: readonly number[] = Array.from({ length: 100 }, () => 30);
