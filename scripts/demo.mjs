// `npm run demo`: builds the package, then lets it decide on the recorded snapshots of all five systems and prints each
// answer with its reason. Every answer is compared with the recorded one; a difference fails the demo.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { SCENES } from "./demo/scenes.mjs";
import { WHOLE } from "./demo/whole.mjs";

const vectorFolder = new URL("../tests/vectors/", import.meta.url);
const STYLE = { allow: "green", all: "green", deny: "red", none: "red", error: "magenta" };
/** Columns: where texts begin below an answer, how wide a label is, how wide the whole. */
const MARGIN = 11;
const LABEL = 12;
const WIDTH = Math.max(60, Math.min(process.stdout.columns ?? 110, 110));
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (style, text) => (colour ? styleText(style, text) : text);

await build();
const { loadPolicy } = await import("latchgate");
const recorded = new Map(readJson("decisions.json").vectors.map((vector) => [vector.id, vector]));
let answered = 0;
const different = [];
for (const scene of SCENES) play(scene);
await playWhole(WHOLE);
close();

/** The build is incremental: when everything is up to date this takes a moment. */
async function build() {
  const child = spawn(process.execPath, [fileURLToPath(new URL("build.mjs", import.meta.url))], { stdio: "inherit" });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) process.exit(code ?? 1);
}

function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, vectorFolder), "utf8"));
}

function play({ title, snapshot, questions }) {
  // The bytes as they are: the engine itself reads them, so nothing that JSON.parse hides is lost.
  const policy = loadPolicy(readFileSync(new URL(`snapshots/${snapshot}.json`, vectorFolder)));
  const { principals, roles, grants } = policy.counts;
  console.log(`\n${paint("bold", title)}  ${paint("dim", `${snapshot}.json: ${principals} principals, ${roles} roles, ${grants} grants`)}`);
  const asked = questions.map((question) => ask(policy, question));
  for (const { words, vector, decision, got } of asked) {
    answered++;
    if (got !== vector.expected) different.push(`${vector.id}: ${vector.expected} is recorded, ${got} came`);
    console.log(`\n  ${paint(STYLE[got] ?? "yellow", got.padEnd(MARGIN - 4))}  ${words}`);
    line("who", name(vector.principal));
    line("asks", spelled(vector.ask));
    line("because", `${decision.message} (${[decision.code, decision.rule && `rule ${decision.rule}`].filter(Boolean).join(", ")})`);
    for (const grant of decision.grants) line(grant.effect === "allow" ? "allowed by" : "denied by", `${grant.permission} ${held(grant)}`);
  }
  policy.free();
}

/** Questions about everybody, each with the answer that stands in the scene. */
async function playWhole({ title, snapshot, questions }) {
  const latchgate = await import("latchgate/insight");
  const text = readFileSync(new URL(`snapshots/${snapshot}.json`, vectorFolder), "utf8");
  const policy = latchgate.loadPolicy(text);
  console.log(`\n${paint("bold", title)}  ${paint("dim", `${snapshot}.json, latchgate/insight`)}`);
  for (const [words, answer, expected] of questions) {
    const got = answer({ latchgate, policy, text });
    answered++;
    if (got !== expected) different.push(`${words} ${expected} is expected, ${got} came`);
    console.log(`\n  ${words}`);
    line("", got);
  }
  policy.free();
}

/** A label and a text, wrapped where it would be wider than the screen. */
function line(label, text) {
  const room = WIDTH - MARGIN - LABEL;
  let rest = text;
  let head = label.padEnd(LABEL);
  do {
    const cut = rest.length <= room ? rest.length : rest.lastIndexOf(" ", room) > 0 ? rest.lastIndexOf(" ", room) : room;
    console.log(`${" ".repeat(MARGIN)}${paint("dim", head)}${rest.slice(0, cut)}`);
    rest = rest.slice(cut).trimStart();
    head = " ".repeat(LABEL);
  } while (rest !== "");
}

/** One question: a recorded vector by its id, or one that stands in the scene itself. */
function ask(policy, [words, idOrVector]) {
  const vector = typeof idOrVector === "string" ? recorded.get(idOrVector) : idOrVector;
  if (vector === undefined) throw new Error(`there is no vector ${idOrVector}`);
  const decision = policy.decide({ principal: vector.principal, ask: vector.ask });
  return { words, vector, decision, got: vector.ask.kind === "filter" && decision.effect !== "error" ? decision.filter : decision.effect };
}

function name(principal) {
  return principal ?? "nobody";
}

function spelled(ask) {
  if (ask.kind === "route") return `${ask.method} ${ask.path}${ask.auth ? ` with ${ask.auth}` : ""}`;
  if (ask.kind === "filter") return `list ${ask.subject} for ${ask.actions.join(", ")}`;
  if (ask.kind === "type") return `${ask.action} ${ask.subject}`;
  if (ask.kind === "instance") return `${ask.action} ${ask.subject} ${JSON.stringify(ask.object)}`;
  const tenant = ask.tenant ? ` in tenant ${ask.tenant}` : "";
  const scopes = ask.sessionScopes ? `, signed in for ${ask.sessionScopes}` : "";
  return (ask.permission ?? `all of ${ask.allOf.join(", ")}`) + tenant + scopes;
}

function held({ via, conditional }) {
  const steps = via.map(({ kind, id, name: label }) => (kind === "direct" ? "granted directly" : kind === "token" ? "said by the token" : `${kind === "accessControl" ? "access control" : kind} ${label ?? id}`));
  return `${steps.length > 0 ? `← ${steps.join(" ← ")}` : ""}${conditional ? " (under a condition)" : ""}`;
}

function close() {
  if (answered === 0) different.push("nothing was asked");
  console.log(`\n${answered} questions answered, ${different.length === 0 ? "each as recorded" : `${different.length} not as recorded`}.`);
  for (const line of different) console.log(`  ${line}`);
  if (different.length > 0) process.exitCode = 1;
}
