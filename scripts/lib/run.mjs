// Child processes. Output is shown as it comes and kept, because runners say in it how many cases passed.

import { spawn } from "node:child_process";
import { root } from "./paths.mjs";

/** Failed in a way that is already on the screen or says all in its message: no stack trace is due. */
export class Failure extends Error {}

/** Runs a program to its end and gives back what it wrote to stdout. A bad exit is a {@link Failure}. */
export async function run(program, args, options = {}) {
  const { code, output, complaints } = await attempt(program, args, options);
  if (code !== 0) {
    if (options.quiet) process.stderr.write(output + complaints);
    throw new Failure(`${[program, ...args].join(" ")} ended with ${code}`);
  }
  return output;
}

/** The same, but a bad exit is an answer. A program that does not exist gives code 127. */
export function attempt(program, args, { cwd = root, env = {}, quiet = false, shell = false, input } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, shell, env: { ...process.env, ...env }, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    const keep = (stream, screen) => {
      const kept = [];
      stream.on("data", (chunk) => {
        kept.push(chunk);
        if (!quiet) screen.write(chunk);
      });
      return () => Buffer.concat(kept).toString("utf8");
    };
    const output = keep(child.stdout, process.stdout);
    const complaints = keep(child.stderr, process.stderr);
    if (input !== undefined) child.stdin.end(input);
    child.on("error", (error) => resolve({ code: error.code === "ENOENT" ? 127 : 1, output: output(), complaints: `${complaints()}${error.message}\n` }));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output: output(), complaints: complaints() }));
  });
}

/** Whether a program is there and answers. */
export async function works(program, ...args) {
  return (await attempt(program, args, { quiet: true })).code === 0;
}
