// Actions that stand for several others (casl 1.3). They widen what a rule says, not what is asked.

import type { AliasesMap, AliasResolverOptions } from "./types.js";

/** A value as a list. */
export function wrapArray<T>(value: T[] | T): T[] {
  return Array.isArray(value) ? value : [value];
}

const hasOwn = (map: object, name: string): boolean => Object.prototype.hasOwnProperty.call(map, name);

/** All that an action stands for, itself first. `check` sees what is known so far and what an alias adds. */
function expand(aliases: AliasesMap, action: string | string[], check?: (known: string[], added: string | string[]) => void): string[] {
  let actions = wrapArray(action);
  for (let at = 0; at < actions.length; at++) {
    const name = actions[at]!;
    if (!hasOwn(aliases, name)) continue;
    const added = aliases[name]!;
    check?.(actions, added);
    actions = actions.concat(added);
  }
  return actions;
}

/**
 * Makes a `resolveAction` of a map of aliases. As in CASL 7.0.1 the option is read the wrong way round: the map goes unchecked with
 * `skipValidate: false`, and is checked otherwise.
 */
export function createAliasResolver(aliases: AliasesMap, options?: AliasResolverOptions): (action: string | string[]) => string[] {
  if (options?.skipValidate !== false) validate(aliases, options?.anyAction || "manage");
  return (action) => expand(aliases, action);
}

function validate(aliases: AliasesMap, reserved: string): void {
  if (reserved in aliases) throw new Error(`Cannot use "${reserved}" as an alias because it's reserved action.`);
  const check = (known: string[], added: string | string[]): void => {
    const names = typeof added === "string" ? [added] : Array.from(added);
    const again = names.find((name) => known.includes(name));
    if (again) throw new Error(`Detected cycle ${again} -> ${known.join(", ")}`);
    if (known.includes(reserved) || names.includes(reserved)) {
      throw new Error(`Cannot make an alias to "${reserved}" because this is reserved action`);
    }
  };
  for (const name of Object.keys(aliases)) expand(aliases, name, check);
}
