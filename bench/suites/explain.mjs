// A decision with its reason.

export const title = "Explaining a decision (W1)";

export const jobs = ({ timing }) => [{ label: "explain", task: "explain", input: { timing } }];

export const summary = ([{ rows = [], missing = [], wrong = [] }]) => ({ rows: [...rows].sort((a, b) => a.ns - b.ns), missing, wrong: wrong.map(({ name }) => name) });
