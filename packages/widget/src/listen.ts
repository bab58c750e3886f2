/** Listens to each of `types`. The answer stops it. */
export function listen<Event>(
  target: EventTarget | null,
  types: string[],
  listener: (event: Event) => void,
  capture = false,
): () => void {
  const heard = listener as unknown as EventListener;
  for (const type of types) target?.addEventListener(type, heard, capture);
  return () => {
    for (const type of types) target?.removeEventListener(type, heard, capture);
  };
}
