// Decisions to elements. Whatever comes from a snapshot is set as text, never as HTML.

import type { Decision, LatchgateError } from "latchgate";
import type { Area, Control } from "./portal.js";

type Child = Node | string | undefined;

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const WORDS: Record<string, string> = { allow: "allowed", deny: "denied", error: "no answer", all: "all records", none: "no records", conditions: "some records" };

/** The answer in one word, with a sign beside it: colour alone says nothing to many people. */
function verdict(decision: Decision): HTMLElement {
  const word = decision.filter !== undefined && decision.effect !== "error" ? decision.filter : decision.effect;
  const sign = decision.effect === "allow" ? "✓" : decision.effect === "deny" ? "✕" : "!";
  return element("span", { class: `verdict ${decision.effect}` }, element("span", { "aria-hidden": "true" }, `${sign} `), WORDS[word] ?? word);
}

const STEPS: Record<string, string> = { role: "role", group: "group", accessControl: "access control", template: "template" };

function heldWords(grant: Decision["grants"][number]): string {
  const steps = grant.via.map(({ kind, id, name }) => {
    if (kind === "direct") return "granted directly";
    if (kind === "token") return "said by the token";
    return `${STEPS[kind] ?? kind} ${name !== undefined && name !== id ? `${name} (${id})` : id}`;
  });
  return [steps.join(" → "), grant.conditional ? "under a condition" : ""].filter(Boolean).join(", ");
}

function facts(rows: [string, string | undefined][]): HTMLElement {
  const list = element("dl", { class: "facts" });
  for (const [label, value] of rows) {
    if (value !== undefined && value !== "") list.append(element("dt", {}, label), element("dd", {}, value));
  }
  return list;
}

function grants(decision: Decision): HTMLElement | undefined {
  if (decision.grants.length === 0) return undefined;
  const list = element("ul", { class: "grants" });
  for (const grant of decision.grants) {
    const place = grant.reason && `Reason given: ${grant.reason}`;
    list.append(
      element(
        "li",
        { class: grant.effect },
        element("code", {}, grant.effect === "deny" ? `not ${grant.permission}` : grant.permission),
        element("span", { class: "held" }, heldWords(grant)),
        place === undefined ? undefined : element("small", {}, place),
      ),
    );
  }
  return list;
}

/** A sentence of the engine: what stands between backticks is a name of the snapshot or of the question. */
export function sentence(text: string): Child[] {
  return text.split("`").map((part, i) => (i % 2 === 0 ? part : element("b", {}, part)));
}

/** The sentence, then everything that led to it. */
export function reason(decision: Decision, id: string): HTMLElement[] {
  const more = element(
    "details",
    {},
    element("summary", {}, "How it was decided"),
    facts([
      ["Rule", decision.rule ?? "none"],
      ["Code", decision.code],
      ["Status", String(decision.status)],
    ]),
    grants(decision),
  );
  return [element("p", { id, class: "reason" }, ...sentence(decision.message)), more];
}

/**
 * One control with its reason. A denied control stays focusable (`aria-disabled`, not `disabled`), so that somebody who
 * works with the keyboard or a screen reader also learns why.
 */
export function controlCard(control: Control, decision: Decision, spelled: string, menu: boolean): HTMLElement {
  const id = `why-${control.id}`;
  const button = element("button", { type: "button", class: menu ? "secondary" : "", "aria-describedby": id, "data-control": control.id }, control.label);
  if (decision.effect !== "allow") button.setAttribute("aria-disabled", "true");
  return element(
    "li",
    { class: `control ${decision.effect}` },
    element("div", { class: "head" }, button, verdict(decision)),
    element("code", { class: "asked" }, spelled),
    ...reason(decision, id),
  );
}

export function areaSection(area: Area, cards: HTMLElement[]): HTMLElement {
  const allowed = cards.filter((card) => card.classList.contains("allow")).length;
  return element(
    "section",
    { class: `area ${area.kind}` },
    element("h3", {}, area.title, " ", element("small", {}, `${allowed} of ${cards.length}`)),
    area.note === undefined ? undefined : element("p", { class: "note" }, area.note),
    element("ul", { class: "controls" }, ...cards),
  );
}

/** The answer to the free question, with the decision as the engine gave it. */
export function answerCard(decision: Decision, spelled: string): HTMLElement {
  const json = element("details", {}, element("summary", {}, "As JSON"), element("pre", {}, element("code", {}, JSON.stringify(decision, null, 2))));
  return element(
    "article",
    { class: `answer ${decision.effect}` },
    element("div", { class: "head" }, verdict(decision), element("code", { class: "asked" }, spelled)),
    ...reason(decision, "why-free-question"),
    json,
  );
}

/** A snapshot that cannot be used: what, where, why. */
export function loadError(thrown: unknown, name: string): HTMLElement {
  const { code, path, message } = thrown as Partial<LatchgateError>;
  return element(
    "article",
    { class: "load-error", role: "alert" },
    element("strong", {}, `${name} cannot be used`),
    element("p", {}, ...sentence(message ?? String(thrown))),
    facts([
      ["Code", code],
      ["Path", path],
    ]),
  );
}
