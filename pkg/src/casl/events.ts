// Handlers of `update` and `updated`: the newest is called first.

type Handler = (event: never) => void;

export class Events {
  readonly #handlers = new Map<unknown, { handler: Handler }[]>();

  /** Adds a handler. What comes back takes just this one away, and does nothing the second time. */
  on(name: unknown, handler: Handler): () => void {
    const entry = { handler };
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), entry]);
    return () => {
      this.#handlers.set(name, (this.#handlers.get(name) ?? []).filter((other) => other !== entry));
    };
  }

  /** Calls whoever is there now, whatever they add and take away meanwhile. */
  emit(name: unknown, event: unknown): void {
    const handlers = this.#handlers.get(name) ?? [];
    for (let at = handlers.length - 1; at >= 0; at--) handlers[at]!.handler(event as never);
  }
}
