// Questions about the whole of W2.

export const title = "Questions about a whole snapshot (W2)";

export const jobs = ({ timing }) => [{ label: "insight", task: "insight", input: { timing: { ...timing, rounds: Math.min(timing.rounds, 11) } }, gc: true }];

export const summary = ([{ rows = {}, memory, wrong = [] }]) => ({ ...rows, memory, wrong: wrong.map(({ name }) => name) });
