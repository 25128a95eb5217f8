// What is asked about → an ask as the core reads it.

import { argumentError } from "../errors.js";
import { pick } from "../record.js";
import type { Shared } from "../shared.js";
import type { Asked } from "./types.js";

/** A permission, a type, or a record with the attributes that conditions read. */
export function askOf(asked: Asked, shared: Shared): object {
  if (typeof asked === "string") return { kind: "permission", permission: asked };
  if (typeof asked !== "object" || asked === null) throw argumentError("a permission is needed, or an action and a type");
  if ("name" in asked && typeof asked.name === "string" && !("action" in asked)) return { kind: "permission", permission: asked.name };
  const { action, type, record, field } = asked as Exclude<Asked, string | { name: string }>;
  if (typeof action !== "string" || typeof type !== "string") throw argumentError("a permission is needed, or an action and a type");
  if (record === undefined) return { kind: "type", action, subject: type, field };
  if (typeof record !== "object" || record === null) throw argumentError("the record must be an object");
  return { kind: "instance", action, subject: type, object: pick(record, shared.attributes), field };
}
