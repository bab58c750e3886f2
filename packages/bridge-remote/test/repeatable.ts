import type { PlatformDisorder } from '@pocketping/testing';

/** What the stream tells of the people's doings, which can be made to come more than once. */
export const repeatable = (): Required<Pick<PlatformDisorder, 'deliverTimes' | 'replay' | 'reverse'>> & {
  readonly fetch: typeof fetch;
} => {
  const told: string[] = [];
  let times = 1;
  let held: string[] | undefined;
  let holding = 0;
  let body: TransformStreamDefaultController<Uint8Array> | undefined;

  const emit = (event: string) => body?.enqueue(new TextEncoder().encode(`${event}\n\n`));
  const pass = (event: string) => {
    if (!/^event: (?:operator_message|session_|visitor_)/m.test(event)) return emit(event);
    told.push(event);
    held?.push(event);
    if (held && held.length < holding) return;
    const due = held?.reverse() ?? [event];
    held = undefined;
    for (let copy = 0; copy < times; copy++) for (const each of due) emit(each);
    times = 1;
  };
  const through = () => {
    const decoder = new TextDecoder();
    let rest = '';
    return new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => {
        body = controller;
      },
      transform: (piece) => {
        const events = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) pass(event);
      },
    });
  };
  return {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const isLive = String(input).includes('/api/events/stream') && !String(input).includes('since=');
      if (!isLive || !response.ok || !response.body) return response;
      return new Response(response.body.pipeThrough(through()), response);
    },
    deliverTimes: (count) => {
      times = count;
    },
    replay: () => {
      for (const event of told) emit(event);
    },
    reverse: (count) => {
      held = [];
      holding = count;
    },
  };
};
