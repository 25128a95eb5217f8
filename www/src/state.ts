// What is chosen, kept in the address after `#`, so that a view can be linked and reloaded.

export interface State {
  sample: string;
  /** `undefined`: nobody is logged in. */
  principal: string | undefined;
  auth: string;
  sessionScopes: string;
  tenant: string;
}

export function readState(hash: string): Partial<State> {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const state: Partial<State> = {};
  const sample = words.get("snapshot");
  if (sample !== null) state.sample = sample;
  if (words.has("nobody")) state.principal = undefined;
  else if (words.has("principal")) state.principal = words.get("principal") ?? undefined;
  state.auth = words.get("auth") ?? "";
  state.sessionScopes = words.get("scopes") ?? "";
  state.tenant = words.get("tenant") ?? "";
  return state;
}

export function writeState(state: State): string {
  const words = new URLSearchParams({ snapshot: state.sample });
  if (state.principal === undefined) words.set("nobody", "");
  else words.set("principal", state.principal);
  if (state.auth !== "") words.set("auth", state.auth);
  if (state.sessionScopes !== "") words.set("scopes", state.sessionScopes);
  if (state.tenant !== "") words.set("tenant", state.tenant);
  return `#${words}`;
}
