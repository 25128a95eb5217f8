// What is asked about → an ask as the core reads it.

import { checkOptions } from "../arguments.js";
import { argumentError } from "../errors.js";
import type { Asked } from "./types.js";

/** As the core reads it. */
export type Ask =
  | { kind: "permission"; permission: string }
  | { kind: "type"; action: string; subject: string; field: string | undefined }
  | { kind: "instance"; action: string; subject: string; object: object; field: string | undefined };

/** A permission, a type, or a record with the attributes that conditions read. */
export function askOf(asked: Asked, read: (record: object, action: string, type: string) => object): Ask {
  if (typeof asked === "string") return { kind: "permission", permission: asked };
  if (typeof asked !== "object" || asked === null) throw argumentError("a permission is needed, or an action and a type");
  if ("name" in asked && typeof asked.name === "string" && !("action" in asked)) return { kind: "permission", permission: asked.name };
  checkOptions(asked, "action", "type", "record", "field");
  const { action, type, record, field } = asked as Exclude<Asked, string | { name: string }>;
  if (typeof action !== "string" || typeof type !== "string") throw argumentError("a permission is needed, or an action and a type");
  if (record === undefined) return { kind: "type", action, subject: type, field };
  if (typeof record !== "object" || record === null) throw argumentError("the record must be an object");
  return { kind: "instance", action, subject: type, object: read(record, action, type), field };
}
