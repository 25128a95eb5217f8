// The page: choose a snapshot, choose who is signed in, see what the portal lets them do and why.

import "@picocss/pico/css/pico.min.css";
import "./style.css";
import { type Ask, type Context, init, loadPolicy, type Policy } from "latchgate";
import { exampleOf, HINTS, spell, typedAsk } from "./free.js";
import { PORTALS } from "./portal.js";
import { SAMPLES } from "./snapshots.js";
import { readState, type State, writeState } from "./state.js";
import { answerCard, areaSection, controlCard, element, loadError, sentence } from "./view.js";

const OWN = "own";
const NOBODY = "\u0000nobody";

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}

const page = {
  samples: find("samples", HTMLDivElement),
  principal: find("principal", HTMLSelectElement),
  auth: find("auth", HTMLSelectElement),
  scopes: find("scopes", HTMLInputElement),
  tenant: find("tenant", HTMLInputElement),
  facts: find("snapshot-facts", HTMLParagraphElement),
  problem: find("problem", HTMLDivElement),
  portal: find("portal", HTMLDivElement),
  portalTitle: find("portal-title", HTMLHeadingElement),
  own: find("own-panel", HTMLElement),
  ownText: find("own-text", HTMLTextAreaElement),
  ownFile: find("own-file", HTMLInputElement),
  ownLoad: find("own-load", HTMLButtonElement),
  ownBreak: find("own-break", HTMLButtonElement),
  warnings: find("warnings", HTMLDetailsElement),
  form: find("free-form", HTMLFormElement),
  kind: find("free-kind", HTMLSelectElement),
  question: find("free-question", HTMLTextAreaElement),
  hint: find("free-hint", HTMLElement),
  answer: find("free-answer", HTMLDivElement),
};

const state: State = { sample: "hantera", principal: undefined, auth: "", sessionScopes: "", tenant: "" };
let policy: Policy | undefined;
/** Counts the snapshots asked for: the answer to an older request comes too late. */
let latest = 0;

function buildSamples(): void {
  for (const { key, title } of [...SAMPLES, { key: OWN, title: "Your own" }]) {
    const radio = element("input", { type: "radio", name: "sample", value: key, id: `sample-${key}` });
    radio.addEventListener("change", () => {
      void chooseSample(key, SAMPLES.find((sample) => sample.key === key)?.principal);
    });
    page.samples.append(element("label", { for: radio.id }, radio, element("span", {}, title)));
  }
}

async function chooseSample(key: string, principal: string | undefined): Promise<void> {
  const turn = ++latest;
  const sample = SAMPLES.find((one) => one.key === key);
  find(`sample-${key}`, HTMLInputElement).checked = true;
  page.own.hidden = sample !== undefined;
  state.sample = key;
  if (sample === undefined) {
    page.ownText.setSelectionRange(0, 0);
    page.ownText.scrollTop = 0;
    page.ownText.focus();
    return;
  }
  const text = await sample.text();
  if (turn !== latest) return;
  page.ownText.value = text;
  use(text, sample.title, principal);
}

/** Loads a snapshot beside the current one and changes over only when it is good. */
function use(text: string | Uint8Array, name: string, principal: string | undefined): void {
  let next: Policy;
  try {
    next = loadPolicy(text);
  } catch (thrown) {
    page.problem.replaceChildren(loadError(thrown, name));
    return;
  }
  policy?.free();
  policy = next;
  page.problem.replaceChildren();
  page.answer.replaceChildren();
  const people = next.list("principals").map(personOf);
  page.principal.replaceChildren(...people.map(({ id, label }) => element("option", { value: id }, label)), element("option", { value: NOBODY }, "Nobody: not logged in"));
  const wanted = principal ?? people[0]?.id;
  page.principal.value = people.some(({ id }) => id === wanted) ? (wanted ?? NOBODY) : NOBODY;
  state.principal = page.principal.value === NOBODY ? undefined : page.principal.value;
  page.portalTitle.textContent = `${name}: the portal`;
  const { principals, roles, grants } = next.counts;
  page.facts.textContent = [next.tenant && `tenant ${next.tenant}`, next.serverVersion && `server ${next.serverVersion}`, `${principals} principals, ${roles} roles, ${grants} grants`]
    .filter(Boolean)
    .join(" · ");
  showWarnings(next);
  setHint();
  show();
}

/** How a list names somebody differs between systems; what they hold helps to choose. */
function personOf(entry: Record<string, unknown>): { id: string; label: string } {
  const id = String(entry.id ?? entry.name);
  const held = [entry.holds ?? entry.roles].flat().filter((one) => typeof one === "string");
  const name = typeof entry.name === "string" && entry.name !== id ? ` (${entry.name})` : "";
  const suspended = entry.suspended === true || typeof entry.suspendedAt === "string" ? ", suspended" : "";
  return { id, label: `${id}${name}${held.length > 0 ? `: ${held.join(", ")}` : ""}${suspended}` };
}

function showWarnings({ warnings }: Policy): void {
  page.warnings.hidden = warnings.length === 0;
  page.warnings.replaceChildren(
    element("summary", {}, `${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"} about this snapshot`),
    element("ul", {}, ...warnings.map(({ code, path, message }) => element("li", {}, ...sentence(message), " ", element("small", {}, element("code", {}, code), " at ", element("code", {}, path))))),
  );
}

function context(): Context {
  const made: Context = {};
  if (state.auth !== "") made.auth = state.auth as NonNullable<Context["auth"]>;
  if (state.sessionScopes.trim() !== "") made.sessionScopes = state.sessionScopes.trim();
  if (state.tenant.trim() !== "") made.tenant = state.tenant.trim();
  return made;
}

function ask(question: Ask) {
  return policy?.decide({ principal: state.principal ?? null, ask: question, context: context() });
}

/** Everything that depends on who is signed in. */
function show(): void {
  history.replaceState(null, "", writeState(state));
  if (policy === undefined) return;
  const areas = PORTALS[policy.system] ?? [];
  const sections = areas.map((area) => {
    const cards = area.controls.flatMap((control) => {
      const decision = ask(control.ask);
      return decision === undefined ? [] : [controlCard(control, decision, spell(control.ask), area.kind === "menu")];
    });
    return areaSection(area, cards);
  });
  page.portal.replaceChildren(...(sections.length > 0 ? sections : [element("p", {}, "This page has no portal for this system. Ask a question below.")]));
}

function listen(): void {
  const changed = () => {
    state.principal = page.principal.value === NOBODY ? undefined : page.principal.value;
    state.auth = page.auth.value;
    state.sessionScopes = page.scopes.value;
    state.tenant = page.tenant.value;
    show();
    if (page.answer.childElementCount > 0) answerFree();
  };
  for (const field of [page.principal, page.auth]) field.addEventListener("change", changed);
  for (const field of [page.scopes, page.tenant]) field.addEventListener("input", changed);
  // A denied control can be reached, but does nothing except open its reason.
  page.portal.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button[data-control]");
    const details = button?.closest("li")?.querySelector("details");
    if (details) details.open = !details.open;
  });
  page.ownLoad.addEventListener("click", () => use(page.ownText.value, "The snapshot", undefined));
  page.ownBreak.addEventListener("click", () => {
    // A field that no system has, in the middle of a good snapshot.
    page.ownText.value = page.ownText.value.replace(/"payloads"\s*:\s*\{/, '"payloads": {\n  "rolez": [],');
    page.ownText.scrollTop = 0;
    use(page.ownText.value, "The snapshot", undefined);
  });
  page.ownFile.addEventListener("change", async () => {
    const file = page.ownFile.files?.[0];
    if (file === undefined) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    page.ownText.value = new TextDecoder().decode(bytes);
    use(bytes, file.name, undefined); // the bytes, not the text: whatever is wrong with them is still there
  });
  page.kind.addEventListener("change", setHint);
  page.form.addEventListener("submit", (event) => {
    event.preventDefault();
    answerFree();
  });
  // Enter asks; Shift+Enter makes a new line.
  page.question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      answerFree();
    }
  });
}

function setHint(): void {
  page.hint.textContent = HINTS[page.kind.value] ?? "";
  page.question.value = exampleOf(policy?.system, page.kind.value);
}

function answerFree(): void {
  let question: Ask;
  try {
    question = typedAsk(page.kind.value, page.question.value.trim());
  } catch (thrown) {
    page.answer.replaceChildren(element("article", { class: "answer error", role: "alert" }, `This is not JSON: ${(thrown as Error).message}`));
    return;
  }
  const decision = ask(question);
  if (decision !== undefined) page.answer.replaceChildren(answerCard(decision, page.question.value.trim()));
}

await init();
buildSamples();
listen();
const linked = readState(location.hash);
Object.assign(state, linked);
page.auth.value = state.auth;
page.scopes.value = state.sessionScopes;
page.tenant.value = state.tenant;
if (!SAMPLES.some(({ key }) => key === state.sample)) state.sample = "hantera";
await chooseSample(state.sample, "principal" in linked ? state.principal : SAMPLES.find(({ key }) => key === state.sample)?.principal);
document.documentElement.dataset.ready = "true";
