// Options and arguments that questions about whole snapshots share.

import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../api.js";
import { jsonOption } from "../files.js";
import { usage } from "../given.js";
import type { Asked } from "../../insight/types.js";
import type { Part } from "./worker.js";

export interface ContextOptions {
  context?: string;
}
export interface PageOptions {
  limit?: number;
  cursor?: string;
}
export interface AskedOptions {
  action?: string;
  type?: string;
  record?: string;
  field?: string;
}

export const PERMISSION = "what is asked, in the system's own spelling; or give --action and --type";

export const withContext = (command: Command): Command =>
  command.option("--context <json>", "the circumstances as JSON, or @file.json: {tenant, auth, sessionScopes, legalEntityId, roles, attributes, claims, now}");

export const withPages = (command: Command): Command =>
  command.option("--limit <count>", "print at most so many", count).option("--cursor <text>", "go on where the page before ended: its `next`");

export const withJson = (command: Command): Command => command.option("--json", "print one line of JSON and nothing else");

export const withAsked = (command: Command): Command =>
  command
    .option("-a, --action <action>", "an action, with --type")
    .option("-t, --type <type>", "the type of record that the action is for")
    .option("-r, --record <json>", "the record as JSON, or @file.json")
    .option("--field <name>", "ask for one field of the record");

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It is a number from 1 on.");
  return Number(text);
}

export const contextOf = ({ context }: ContextOptions): { context?: Context } => (context === undefined ? {} : { context: jsonOption(context, "--context") });

export function partOf({ limit, cursor }: PageOptions): Part {
  return { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
}

export function askedOf(permission: string | undefined, { action, type, record, field }: AskedOptions): Asked {
  const other = action ?? type ?? record ?? field;
  if (permission !== undefined) {
    if (other !== undefined) throw usage("ask one thing: a permission, or --action with --type");
    return permission;
  }
  if (action === undefined || type === undefined) throw usage("say what is asked: a permission, or --action with --type");
  return { action, type, ...(record !== undefined && { record: jsonOption(record, "--record") }), ...(field !== undefined && { field }) };
}

/** What is asked, in one line. */
export function askedWords(asked: Asked): string {
  if (typeof asked === "string") return asked;
  if ("name" in asked) return asked.name;
  const record = asked.record === undefined ? " (any)" : ` ${JSON.stringify(asked.record)}`;
  return `${asked.action} ${asked.type}${record}${asked.field === undefined ? "" : ` (field ${asked.field})`}`;
}
