#!/usr/bin/env node
// `npx latchgate …`: reads the command line and hands over to one file per command.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addCheck } from "./check.js";
import { addCompile } from "./compile.js";
import { compileHere, isCompileWorker } from "./compile-worker.js";
import { addDecide } from "./decide.js";
import { EXIT, problemLine, problemOf } from "./errors.js";
import { addLint } from "./lint.js";
import { addDiff } from "./insight/diff.js";
import { addDigest } from "./insight/digest.js";
import { addEdit } from "./insight/edit.js";
import { addList } from "./insight/list.js";
import { addSlice } from "./insight/slice.js";
import { addSuggest } from "./insight/suggest.js";
import { addWho } from "./insight/who.js";
import { addWhy } from "./insight/why.js";
import { answerHere, isInsightWorker } from "./insight/worker.js";
import { addRule } from "./rule.js";
import { addShow } from "./show.js";
import { addTest } from "./test.js";
import { paragraphs } from "./text.js";

const HELP = `
A snapshot is a JSON file with what an IAM system's own API answers: its roles, its users, its groups. latchgate decides
on it as that system's server would: Hantera, Emporix, Open Archiver, Eclipse Kura, Ithbat, plain CASL rules, or the native format.
Wherever a snapshot is wanted, one that \`latchgate compile\` has made will do as well.

In every command the snapshot comes first and then the principal, or they are said with -s and -p, wherever these stand. A file
named - is standard input.

Start here:
  latchgate show acme.json                      what is in the snapshot?
  latchgate lint acme.json                      what is wrong with it?
  latchgate check acme.json p-agent graph:read  may p-agent, and why?
  latchgate list acme.json p-agent              what can p-agent do?
  latchgate who acme.json graph:read            who can do this?
  latchgate rule H3                             what does rule H3 say?
  latchgate help check                          all that can be asked

Exit code: 0 allowed or done, 1 denied or failed, 2 no answer (bad file, bad usage, or an error in the policy).
`;

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

// A reader that went away (`| head`) is no failure: there is nobody left to answer. A full disk is one.
process.stdout.on("error", (thrown: NodeJS.ErrnoException) => {
  if (thrown.code === "EPIPE") process.exit();
  process.stderr.write(`error: the answer cannot be written (${thrown.code ?? thrown.message})\n`);
  process.exit(EXIT.error);
});

/** What commander says, in one line. */
function usageLine(text: string): string {
  return text.replace(/unknown option '([^']*)'/, "unknown option $1").replace(/\n\(Did you mean (one of )?(.+)\?\)/, (_, several, names: string) => `, did you mean ${several === undefined ? names : names.replace(/, ([^,]*)$/, " or $1")}?`);
}

async function main(): Promise<void> {
  const program = new Command("latchgate")
    .description("Answers IAM permission questions from a snapshot of the system's roles and users, and says why.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(usageLine(text)) })
    .showHelpAfterError("(--help says how it is used)")
    // 1 means "denied", so a usage mistake must not end with commander's usual 1.
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", paragraphs(HELP));
  addCheck(program);
  addDecide(program);
  addTest(program);
  addShow(program);
  addLint(program);
  addCompile(program);
  addRule(program);
  program.commandsGroup("Questions about a whole snapshot:");
  addList(program);
  addWho(program);
  addWhy(program);
  addSuggest(program);
  addDiff(program);
  addEdit(program);
  addSlice(program);
  addDigest(program);
  await program.parseAsync();
}

if (isCompileWorker) compileHere();
else if (isInsightWorker) void answerHere();
else main().catch((thrown: unknown) => {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? EXIT.allow : EXIT.error; // commander has printed its sentence
    return;
  }
  process.stderr.write(`${problemLine(problemOf(thrown))}\n`);
  process.exitCode = EXIT.error;
});
